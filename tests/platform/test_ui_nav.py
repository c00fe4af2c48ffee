"""The menu, the banners and the panels: what other apps registered, for this person, on this page."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from config.accounts.models import User
from config.ui import banners, context, nav, panels
from config.ui.banners import Banner
from config.ui.nav import Item
from config.ui.panels import Panel


def request(path="/", roles=("manager",)):
    asked = RequestFactory().get(path)
    asked.user = User(username="mia", name="Mia", roles=list(roles)) if roles is not None else AnonymousUser()
    return asked


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch, settings) -> None:
    """Registries of this test's own, and three addresses to point at."""
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(banners, "_sources", [])
    monkeypatch.setattr(panels, "_sources", {})
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    nav.register(Item("Lots", "lots", "lot", "lots.see", 20))
    nav.register(Item("Desk", "desk", "desk", "", 10))
    nav.register(Item("Targets", "targets", "target", "targets.see", 30, section="Plan", count=lambda asked: 7))
    nav.register(Item("Gone", "no-such-address", "lot", "", 1))


def labels(asked):
    return [link.label for section in nav.sections(asked) for link in section.links]


def test_it_shows_a_person_only_what_the_role_table_permits():
    assert labels(request()) == ["Desk", "Lots", "Targets"]
    assert labels(request(roles=["warehouse"])) == ["Desk", "Lots"]
    assert labels(request(roles=["administrator"])) == ["Desk"]


def test_it_shows_nothing_to_the_signed_out():
    assert nav.sections(request(roles=None)) == []


def test_it_groups_by_section_and_counts():
    plain, plan = nav.sections(request())
    assert (plain.label, plan.label, plan.links[0].count, plain.links[0].count) == ("", "Plan", "7", "")


@pytest.mark.parametrize(("number", "shown"), [(0, ""), (99, "99"), (100, "99+"), (5000, "99+")])
def test_it_counts_as_far_as_a_person_cares(number, shown):
    nav.register(Item("Targets", "targets", "target", "targets.see", 30, count=lambda asked: number))
    assert [link.count for section in nav.sections(request()) for link in section.links if link.count] == (
        [shown] if shown else []
    )


@pytest.mark.parametrize(
    ("path", "current"), [("/", "Desk"), ("/lots/", "Lots"), ("/lots/RE-26-1/", "Lots"), ("/elsewhere/", None)]
)
def test_it_marks_where_the_person_is(path, current):
    marked = [link.label for section in nav.sections(request(path)) for link in section.links if link.current]
    assert marked == ([current] if current else [])


def test_it_puts_the_worst_banner_first_and_asks_each_source_once():
    asked_for = []

    def source(asked):
        asked_for.append(asked)
        return [Banner("warn", "late"), Banner("bad", "silent", "/jobs/")]

    banners.register(source)
    banners.register(source)
    assert [banner.text for banner in banners.shown(request())] == ["silent", "late"]
    assert len(asked_for) == 1
    assert banners.shown(request(roles=None)) == []


def test_it_asks_nothing_for_a_fragment_that_shows_no_frame():
    banners.register(lambda asked: pytest.fail("a fragment asked for banners"))
    assert set(context.frame(request())) == {"nav", "banners", "finds", "gloves", "languages", "mass_units"}


def test_it_collects_the_panels_of_a_page_in_order_and_leaves_out_the_silent():
    panels.register("lot", lambda asked, subject: Panel(f"Flags of {subject}", "x.html"), order=20)
    panels.register("lot", lambda asked, subject: None, order=5)
    panels.register("lot", lambda asked, subject: Panel("Order", "x.html"), order=10)
    assert [panel.title for panel in panels.of("lot", request(), "RE-26-1")] == ["Order", "Flags of RE-26-1"]
    assert panels.of("order", request(), "PO-1") == []
