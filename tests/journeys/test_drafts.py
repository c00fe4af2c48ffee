"""What was typed and not taken: it comes back to whom it belongs, once, and to nobody else."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from inventory.models import Movement

TYPED = {
    "Material": "NdPr oxide 99",
    "Where it lies": "ANT-S2",
    "Net mass": "1.5",
    "Unit": "t",
    "Our lot number": "ANT-DRAFT-1",
}
LOST = re.compile(r"^Failed to load resource: net::ERR_FAILED|^htmx:")
DRAFTS = "sessionStorage.getItem('drafts')"


def received() -> int:
    return Movement.objects.filter(lot__number="ANT-DRAFT-1").count()


def typed_and_cut_off(person):
    """Fill the receipt in, and send it when the session has ended."""
    person.opens("/receive/")
    person.fills(TYPED)
    Session.objects.all().delete()
    person.presses("Receive")
    person.arrives("sign-in")


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_every_field_is_back_after_signing_in_anew(enter, reserve, width, theme):
    ana = enter("ana", width=width, theme=theme)
    typed_and_cut_off(ana)
    ana.signs_in(to="receive")
    expect(ana.messages).to_contain_text("What you typed is back, and not sent yet.")
    material = ana.page.get_by_label("Material", exact=True)
    assert material.evaluate("one => one.selectedOptions[0].textContent").startswith("NdPr oxide 99")
    expect(ana.page.get_by_label("Net mass")).to_have_value("1.5")
    expect(ana.page.get_by_label("Our lot number")).to_have_value("ANT-DRAFT-1")
    assert received() == 0
    ana.sends("Receive", to="lot", says="Received lot ANT-DRAFT-1, 1.5 t (1,500 kg).")
    ana.opens("/receive/")
    expect(ana.page.get_by_label("Net mass")).to_have_value("")
    assert received() == 1


def test_another_person_at_the_same_browser_sees_none_of_it(enter, reserve):
    ana = enter("ana")
    typed_and_cut_off(ana)
    assert "ANT-DRAFT-1" in ana.page.evaluate(DRAFTS)
    ana.name = "ben"
    ana.signs_in(to="receive")
    expect(ana.page.get_by_label("Net mass")).to_have_value("")
    assert ana.page.evaluate(DRAFTS) is None


def test_signing_out_leaves_nothing_behind(enter, reserve):
    ana = enter("ana")
    typed_and_cut_off(ana)
    ana.page.goto("/sign-in/")
    ana.signs_in()
    assert "ANT-DRAFT-1" in ana.page.evaluate(DRAFTS)
    ana.signs_out()
    assert ana.page.evaluate(DRAFTS) is None


def test_a_server_that_cannot_be_reached_loses_nothing_and_counts_once(enter, reserve):
    ana = enter("ana")
    ana.opens("/receive/")
    ana.fills(TYPED)
    answers = []

    def lose_the_answer(route):
        if route.request.method != "POST":
            route.continue_()
            return
        answers.append(route.fetch())  # it arrives, and its answer does not
        route.abort()

    ana.page.route("**/receive/", lose_the_answer)
    ana.presses("Receive")
    expect(ana.messages).to_contain_text("The server cannot be reached. What you typed is still here; try again.")
    expect(ana.messages).to_be_in_viewport()
    expect(ana.page.get_by_label("Net mass")).to_have_value("1.5")
    assert (len(answers), received()) == (1, 1)
    ana.page.unroute("**/receive/")
    ana.page.reload()
    expect(ana.messages).to_contain_text("What you typed is back")
    ana.sends("Receive", to="lot", says="Received lot ANT-DRAFT-1")
    assert received() == 1
    # The browser and htmx say that the connection was lost; and leaving what was typed is asked about.
    assert all(LOST.match(word) for word in ana.said), ana.said
    ana.said.clear()
    assert ana.asked == ["beforeunload "]
    ana.asked.clear()


def test_links_ask_before_what_was_typed_is_lost_and_filters_do_not(enter, reserve):
    ana = enter("ana")
    ana.opens("/lots/")
    ana.page.get_by_label("Site").select_option("ANT")
    ana.page.wait_for_url("**/lots/?*site=ANT*")
    ana.goes("Desk", to="desk")
    assert ana.asked == []
    ana.opens("/receive/")
    ana.fills({"Net mass": "7"})
    ana.goes("Desk", to="desk")
    assert ana.asked == ["beforeunload "]
    ana.asked.clear()
