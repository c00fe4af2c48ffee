"""The window on the platform's tables at /admin/: for administrators, read-only, without stock and without secrets."""

import re
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.db import models
from django.urls import NoReverseMatch, reverse

from config.accounts import tokens
from config.accounts.models import User
from config.jobs.models import JobRun, Outbox
from config.window import SUBJECTS, window
from tests.pages import People
from tests.world import World

TABLES = {model._meta.label_lower: model for model in window._registry}


@pytest.fixture
def lived(people: People, world: World) -> People:
    """Something stands in each table."""
    world.stock("4321")
    tokens.issue(person=world.ana, now=world.now)
    AccessAttempt.objects.create(username="ana", ip_address="10.0.0.1", attempt_time=world.now, failures_since_start=2)
    AccessFailureLog.objects.create(username="ana", ip_address="10.0.0.1", locked_out=True)
    JobRun.objects.create(job="inventory.verify_ledger", started_at=world.now, finished_at=world.now, ok=True)
    Outbox.objects.create(topic="lot.moved", payload={"lot": "SECRET-LOT"}, created_at=world.now, due_at=world.now)
    return people


def addresses(model: type[models.Model]) -> list[str]:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = [reverse(f"{name}_changelist")]
    try:
        rows = window._registry[model].get_queryset(None)  # type: ignore[arg-type]  # asks nothing of the request
        found.append(reverse(f"{name}_change", args=[rows.order_by("-pk").values_list("pk", flat=True)[0]]))
    except NoReverseMatch:
        assert model._meta.label_lower == "accounts.apitoken"
    return found


def test_only_the_platform_s_tables_are_there() -> None:
    assert set(TABLES) == {
        "accounts.user",
        "audit.registryfact",
        "jobs.jobrun",
        "jobs.outbox",
        "accounts.apitoken",
        "axes.accessattempt",
        "axes.accessfailurelog",
    }


@pytest.mark.parametrize("label", sorted(TABLES))
def test_a_table_is_read_and_nothing_else(lived: People, label: str) -> None:
    for address in addresses(TABLES[label]):
        html = lived.adm.get(address)
        assert not re.search(r'<input[^>]+type="submit"[^>]+name="_', html)
        assert "SECRET-LOT" not in html
        assert "md5$" not in html
        assert "4321" not in html
        assert not re.search(
            r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", html.replace('<script type="application/json"', "")
        )
        before = list(TABLES[label]._default_manager.order_by("pk").values())
        for data in ({"action": "delete_selected", "_selected_action": "1"}, {"_save": "x", "username": "king"}):
            assert lived.adm.client.post(address, data).status_code == 405
        assert list(TABLES[label]._default_manager.order_by("pk").values()) == before


@pytest.mark.parametrize("label", sorted(TABLES))
def test_there_is_no_address_to_add_change_or_delete(lived: People, label: str) -> None:
    base = addresses(TABLES[label])[0]
    for further in ("add/", "1/delete/", "1/history/", "1/"):
        assert lived.adm.client.get(base + further).status_code == 404
    for who in ("ana", "pia", "dee", "aud"):
        person: Any = getattr(lived, who)
        assert [person.client.get(address).status_code for address in addresses(TABLES[label])].count(403) >= 1


def test_the_registry_shows_people_sites_and_materials_alone(lived: People) -> None:
    rows = window._registry[TABLES["audit.registryfact"]].get_queryset(None)  # type: ignore[arg-type]  # as above
    assert set(rows.values_list("subject", flat=True)) <= set(SUBJECTS)
    assert not [subject for subject in SUBJECTS if "target" in subject or "order" in subject or "lot" in subject]


def test_who_may(people: People, world: World) -> None:
    people.closed("/admin/", open_to={"adm"})
    people.closed("/admin/accounts/", open_to={"adm"})
    people.adm.get("/admin/inventory/", status=404)
    User.objects.filter(username="adm").update(roles=[])
    assert people.adm.client.get("/admin/").status_code == 403
    User.objects.filter(username="adm").update(roles=["administrator"], is_active=False)
    assert people.adm.client.get("/admin/").status_code == 302


@pytest.mark.parametrize("query", [{"p": "x"}, {"o": "9.9"}, {"q": "x" * 2000}, {"nonsense__evil": "1"}, {"all": ""}])
def test_odd_queries_break_nothing(people: People, query: dict[str, str]) -> None:
    assert people.adm.client.get("/admin/accounts/user/", query).status_code in (200, 302, 400)
