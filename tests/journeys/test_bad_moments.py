"""What goes wrong at a desk: pressed twice, gone back, two at once, signed out in the middle, refused."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from inventory.models import Movement
from tests.world import PASSWORD

ON_TRUCK = {"Net mass": "495.5", "Where it lies": "ANT-S1", "Supplier's lot": "LY-9"}


def received_by(person):
    """The masses of their last receipts, in mg."""
    received = Movement.objects.filter(kind=Movement.Kind.RECEIVE, lot__received_by=person, lot__supplier_lot="LY-9")
    return list(received.values_list("net_mg", flat=True))


def truck(person, reserve):
    person.opens("/")
    person.follows(re.compile(f"^Receive {reserve.order}"), to="delivery-receive")


@pytest.mark.parametrize("script", [True, False])
def test_pressed_twice_it_lands_once(enter, reserve, script):
    ana = enter("ana", script=script)
    truck(ana, reserve)
    ana.fills(ON_TRUCK)
    ana.button("Receive").dblclick()
    ana.arrives("lot")
    ana.sees("Received lot")
    assert received_by(reserve.world.ana) == [495_500_000]


@pytest.mark.parametrize("script", [True, False])
def test_the_way_back_after_sending_leads_to_an_empty_form(enter, reserve, script):
    ana = enter("ana", script=script)
    truck(ana, reserve)
    ana.fills(ON_TRUCK)
    ana.sends("Receive", to="lot", says="Received lot")
    ana.page.go_back()
    ana.arrives("delivery-receive")
    expect(ana.page.get_by_label("Net mass")).to_have_value("")
    ana.sees(re.compile(r"Still to come\s*4\.5"))
    assert received_by(reserve.world.ana) == [495_500_000]


def test_what_another_changed_meanwhile_is_looked_at_again_first(enter, reserve):
    ana, dee = enter("ana", refusals=(422,)), enter("dee", theme="dark")
    condition = f"/lots/{reserve.on_hold}/condition/"
    for person in (ana, dee):
        person.opens(condition)
        person.picks(re.compile("^A "))
        person.fills({"Reason": f"{person.name} has seen the certificate"})
    dee.sends("Set condition", to="lot", says="is now in condition A.")
    ana.is_refused("Set condition", "was changed by somebody else since you opened it. Look at it again")
    ana.picks(re.compile("^B "))
    ana.sends("Set condition", to="lot", says="is now in condition B.")


@pytest.mark.parametrize("script", [True, False])
def test_a_session_that_ends_in_the_middle_of_a_form_is_begun_again_there(enter, reserve, script):
    pia = enter("pia", script=script)
    pia.opens(f"/flags/{reserve.flag_of(reserve.oxide)}/")
    flag, words = pia.page.url, {"What will be done": "Ask Lynas for 1.2 t"}
    pia.fills(words)
    Session.objects.all().delete()
    pia.presses("Acknowledge")
    pia.arrives("sign-in")
    pia.signs_in(to="flag")
    assert pia.page.url == flag
    if script:
        expect(pia.messages).to_contain_text("What you typed is back, and not sent yet.")
        expect(pia.page.get_by_label("What will be done")).to_have_value(words["What will be done"])
    else:
        pia.fills(words)
    pia.sends("Acknowledge", to="flag", says="Acknowledged. You are its owner now.")


def test_a_refused_form_says_so_at_the_field_and_leads_to_it(enter, reserve):
    ana = enter("ana", width=390, theme="dark", refusals=(422, 422))
    truck(ana, reserve)
    ana.fills({**ON_TRUCK, "Net mass": "525.000001"})
    alert = ana.is_refused("Receive", "Net mass")
    mass = ana.page.get_by_label("Net mass")
    expect(mass).to_have_attribute("aria-invalid", "true")
    expect(mass).to_have_accessible_description(re.compile("525|at most", re.IGNORECASE))
    alert.get_by_role("link", name="Net mass").click()
    expect(mass).to_be_focused()
    ana.fills({"Net mass": "１２.5"})
    ana.is_refused("Receive", "Net mass")
    ana.fills({"Net mass": "525"})
    ana.sends("Receive", to="lot", says="Received lot")


def test_a_session_that_ends_before_a_list_is_narrowed_leads_back_to_the_list(enter, reserve):
    ana = enter("ana")
    ana.opens("/lots/?condition=A")
    Session.objects.all().delete()
    ana.page.get_by_label("Site").select_option("ANT")
    ana.arrives("sign-in")
    expect(ana.page.get_by_text("Your sign-in has ended, and nothing was saved since.")).to_be_visible()
    ana.signs_in(to="lots")
    assert ana.page.url.endswith("/lots/?condition=A")


def test_a_form_from_before_signing_in_anew_says_so_and_keeps_what_was_typed(enter, reserve):
    ana = enter("ana", refusals=(403,))
    truck(ana, reserve)
    ana.fills(ON_TRUCK)
    other = ana.context.new_page()
    other.goto("/")
    other.locator("details.person summary").click()
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("User name").fill("ana")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.get_by_role("heading", name="Today at ANT").wait_for()
    ana.presses("Receive")
    expect(ana.messages).to_contain_text("Your sign-in has ended or does not allow this. Reload the page.")
    expect(ana.page.get_by_label("Net mass")).to_have_value("495.5")
    assert received_by(reserve.world.ana) == []
    ana.page.reload()
    expect(ana.messages).to_contain_text("What you typed is back")
    ana.sends("Receive", to="lot", says="Received lot")
    assert received_by(reserve.world.ana) == [495_500_000]


def test_two_people_at_one_truck_receive_no_more_than_came(enter, reserve):
    ana, ben = enter("ana"), enter("ben", width=390, theme="dark", refusals=(422,))
    for person in (ana, ben):
        truck(person, reserve)
        person.fills({**ON_TRUCK, "Net mass": "300"})
    ana.sends("Receive", to="lot", says="Received lot")
    ben.is_refused("Receive", "Net mass")
    ben.sees("225")
    ben.fills({"Net mass": "225"})
    ben.sends("Receive", to="lot", says="Received lot")
