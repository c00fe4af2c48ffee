"""Pages that were left: two tabs on one form, the way back, what another signs in over, and what comes out on paper."""

import re

from playwright.sync_api import expect

from inventory.models import Movement
from tests.journeys.people import FITS
from tests.world import PASSWORD

TYPED = {
    "Material": "NdPr oxide 99",
    "Where it lies": "ANT-S2",
    "Net mass": "1.5",
    "Unit": "t",
    "Our lot number": "ANT-TABS-1",
}
FRAME = "header.frame .side, header.frame .find, header.frame .account, .actions"


def received() -> int:
    return Movement.objects.filter(lot__number="ANT-TABS-1").count()


def test_two_tabs_the_way_back_and_another_person_in_between(enter, reserve):
    ana = enter("ana", refusals=(422, 403))
    first, second = ana.page, ana.context.new_page()
    for ana.page in (second, first):
        ana.opens("/receive/")
        ana.fills(TYPED)
    ana.sends("Receive", to="lot", says="Received lot ANT-TABS-1")
    ana.page = second
    ana.is_refused("Receive", "ANT-TABS-1")
    expect(second.get_by_label("Net mass")).to_have_value("1.5")
    assert received() == 1

    # A list narrowed by a swap is whole after coming back to it, and so is the list before it was narrowed.
    ana.page = first
    ana.opens("/lots/")
    first.get_by_label("Site").select_option("ANT")
    first.wait_for_url("**/lots/?*site=ANT*")
    ana.follows("ANT-TABS-1", to="lot")
    for chosen in ("ANT", ""):
        first.go_back()
        expect(first.get_by_label("Site")).to_have_value(chosen)
        ana.arrives("lots")

    # In the other tab Ana goes and Ben comes: nothing of hers is sent in his name, and the way back shows none of it.
    ana.opens("/receive/")
    ana.page = second
    ana.opens("/lots/ANT-TABS-1/")
    ana.asked.clear()
    ana.signs_out()
    second.go_back()
    ana.arrives("sign-in")
    second.get_by_label("User name").fill("ben")
    second.get_by_label("Password").fill(PASSWORD)
    second.get_by_role("button", name="Sign in", exact=True).click()
    ana.arrives("lot")
    ana.page = first
    ana.fills(TYPED | {"Our lot number": "ANT-TABS-2"})
    ana.presses("Receive")
    expect(ana.messages).to_contain_text("Your sign-in has ended or does not allow this. Reload the page.")
    assert not Movement.objects.filter(lot__number="ANT-TABS-2").exists()
    first.reload()
    expect(first.get_by_label("Net mass")).to_have_value("")
    ana.asked.clear()


def test_on_paper_and_in_forced_colours_pages_are_whole(enter, reserve):
    dee = enter("dee", width=690, theme="dark")
    dee.page.emulate_media(media="print", color_scheme="dark")
    for address in (f"/lots/{reserve.held}/", f"/orders/{reserve.order}/", "/position/", "/elements/Nd/"):
        dee.page.goto(address)
        assert dee.page.evaluate(FITS), address
        expect(dee.page.locator("h1")).to_be_visible()
        assert dee.page.locator(FRAME).filter(visible=True).count() == 0, address
        assert dee.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not dee.page.locator("thead").filter(visible=False).count(), address
    dee.page.emulate_media(media="screen", forced_colors="active")
    dee.page.set_viewport_size({"width": 720, "height": 900})
    dee.page.goto("/position/")  # axe does not know of forced colours
    bordered = "one => getComputedStyle(one).borderTopStyle"
    assert dee.page.locator(".badge").first.evaluate(bordered) == "solid"
    dee.page.get_by_role("button", name=re.compile("Menu")).click()
    here = dee.page.locator(".side [aria-current]").first
    assert "underline" in here.evaluate("one => getComputedStyle(one).textDecorationLine")
