"""Everybody opens every page of their menu, and one of each kind that those pages lead to."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import FITS, name_of

pytestmark = pytest.mark.long

# Pages of people, places, materials and jobs; requests are those about people alone.
ADMINISTRATORS = {
    "desk", "jobs", "kept-place", "kept-site", "kept-site-edit", "kept-sites", "material", "materials", "people", "person",
    "person-access", "person-disable", "person-edit", "person-enable", "person-password", "request", "requests",
    "kept-site-new", "kept-place-new", "material-edit", "material-new", "person-new",
    "break-glass", "delegations", "export-new", "exports", "rights", "work",
}  # fmt: skip
WRITES = re.compile(r"/(new|edit|end|receive|transfer|sample|split|condition|count|assay|retest|adjust|reverse)/")


def walk(person):
    """Open the pages one after the other; yield the name of each when it is there."""
    person.opens("/")
    seen = set()
    for address in person.menu():
        person.opens(address)
        seen.add(name_of(address))
        yield name_of(address)
    for menu_page in person.menu():
        person.page.goto(menu_page)
        for address in person.leads():
            if (name := name_of(address)) and name not in seen:
                person.opens(address)
                seen.add(name)
                yield name


@pytest.mark.parametrize(
    ("name", "width", "theme"), [("ana", 390, "light"), ("pia", 390, "dark"), ("dee", 1440, "dark")]
)
def test_they_open_every_page(enter, name, width, theme):
    person, seen = enter(name, width=width, theme=theme), set()
    for page in walk(person):
        seen.add(page)
        whole(person, 320)
    assert {"desk", "lot", "site", "material", "rotation-row", "request"} <= seen


# Which columns and views a list has, what one has read and what one takes along are one's own matter.
OWN = "".join(f":not([action^='{place}'])" for place in ("/tables/", "/desk/read/", "/exports/of/"))


def test_an_auditor_finds_nothing_to_write_on_any_page(enter):
    aud = enter("aud", width=390)
    for name in walk(aud):
        expect(aud.main.locator(f"form[method=post]{OWN}"), name).to_have_count(0)
        assert not [address for address in aud.leads() if WRITES.search(address)], name


def test_an_administrator_meets_no_stock_on_any_page(enter):
    adm = enter("adm")
    for name in walk(adm):
        assert name in ADMINISTRATORS
        adm.sees_no(re.compile(r"\bRE-26-"), re.compile(r"\bnet held\b"))
        whole(adm, 720)


# WCAG 1.4.12 asks that nothing is lost when a reader spaces the text so.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }");
  document.adoptedStyleSheets = [sheet];
}"""
# Words that a box cuts off, other than those for readers only and those that end in an ellipsis by intent.
CUT_OFF = """() => [...document.querySelectorAll("main *")].filter((one) => {
  const look = getComputedStyle(one), box = one.getBoundingClientRect();
  return one.firstChild?.nodeType === 3 && one.firstChild.textContent.trim() && box.width > 1 && look.clipPath === "none" &&
    ["hidden", "clip"].includes(look.overflowX) && one.scrollWidth > one.clientWidth + 1;
}).map((one) => one.outerHTML.slice(0, 160))"""
OUTSIDE = """() => [...document.querySelectorAll("body *")].filter(
  (one) => one.getBoundingClientRect().right > document.documentElement.clientWidth && !one.closest(".scroll")
).map((one) => one.outerHTML.slice(0, 160))"""
SMALL = """(least) => [
  ...document.querySelectorAll("main :is(button, a.button, input, select, textarea, summary)")
].filter((one) => {
  const box = (one.closest("label") ?? one).getBoundingClientRect();
  return one.type !== "hidden" && box.height && one.checkVisibility() && box.height < least;
}).map((one) => one.outerHTML.slice(0, 160))"""


def whole(person, width):
    """Narrow or enlarged, and with its text spaced, the page has everything within its width. 320 pixels are 1280 at 400 %,
    720 are 1440 at 200 %."""
    page, usual = person.page, person.page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    gloves = page.locator("body.gloves").count()
    assert not page.evaluate(SMALL, 48 if gloves else 24), page.url
    assert page.evaluate(FITS), f"{page.url} at {width}"
    page.evaluate(SPACED)
    assert page.evaluate(FITS), (page.url, width, page.evaluate(OUTSIDE))
    assert not page.evaluate(CUT_OFF), page.url
    page.set_viewport_size(usual)
