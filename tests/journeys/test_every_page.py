"""Everybody opens every page of their menu, and one of each kind that those pages lead to."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.people import name_of

# Pages of people, places, materials and jobs; requests are those about people alone.
ADMINISTRATORS = {
    "desk", "jobs", "kept-place", "kept-site", "kept-site-edit", "kept-sites", "material", "materials", "people", "person",
    "person-access", "person-disable", "person-edit", "person-enable", "person-password", "request", "requests",
    "kept-site-new", "kept-place-new", "material-edit", "material-new", "person-new",
}  # fmt: skip
WRITES = re.compile(r"/(new|edit|end|receive|transfer|sample|split|condition|assay|retest|adjust|reverse)/")


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
    seen = list(walk(enter(name, width=width, theme=theme)))
    assert {"desk", "lot", "site", "material", "rotation-row", "request"} <= set(seen)


def test_an_auditor_finds_nothing_to_write_on_any_page(enter):
    aud = enter("aud", width=390)
    for name in walk(aud):
        # Which columns a list shows is their own matter.
        expect(aud.main.locator("form[method=post]:not([action^='/tables/'])"), name).to_have_count(0)
        assert not [address for address in aud.leads() if WRITES.search(address)], name


def test_an_administrator_meets_no_stock_on_any_page(enter):
    adm = enter("adm")
    for name in walk(adm):
        assert name in ADMINISTRATORS
        adm.sees_no(re.compile(r"\bRE-26-"), re.compile(r"\bnet held\b"))
