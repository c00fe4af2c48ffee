"""Every page in a language made of brackets: what stands outside of brackets is data, a code or a figure."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from config.accounts.models import User
from inventory.models import Element, Location, Lot, Material, Site
from procurement.models import CURRENCIES, Order, Supplier
from tests.architecture import pseudo
from tests.journeys import small_reserve
from tests.journeys.small_reserve import SmallReserve
from tests.world import World

pytestmark = pytest.mark.long

PEOPLE = ("dee", "ana", "pia", "aud", "adm")
# Pages without words of ours: for programs, or Django's own window on the tables, which speaks by Django's catalogue.
WORDLESS = re.compile(r"api-|admin:|livez|healthz|sign-in-sso|sign-in-passkey|ui-components|\w+-file$|export")
LINK = re.compile(r'href="(/[^"#]*)')
# The same in every language: units, marks of trade and time, what the tests of this world typed, and the secret of an app.
ALIKE = {"kg", "mg", "lb", "mtu", "UTC", "FIFO", "FEFO", "CSV", "XLSX", "HHI", "Français", "English", "nd", "system"}
TYPED = ("Plan 2026, table 3", "Reweighed on scale 2", "DoDM 4140.27", "In specification", "stoichiometric_factors.csv")
CODE = re.compile(r"[A-Z0-9]{4}|[a-z]+\.[a-z_]+|[a-z]+(-[a-z0-9]+)+|[A-Z][A-Za-z0-9()]*\d[\w().]*|BeO|LY-\d+|[A-Z]{2}")


@pytest.fixture
def reserve(world: World, monkeypatch: pytest.MonkeyPatch) -> SmallReserve:
    monkeypatch.setattr("django.utils.timezone.now", lambda: world.now)
    return small_reserve.build(world)


def name_of(address: str) -> str:
    try:
        return str(resolve(address.partition("?")[0]).url_name)
    except Resolver404:
        return ""


def pages(client: Client, seen: set[str]) -> Iterator[tuple[str, str]]:
    """The person's desk, their account, and one page of each kind that those lead to and nobody has seen yet."""
    waiting = deque(["/", "/account/", "/search/?q=nd", "/lots/NO/"])
    while waiting:
        address = waiting.popleft()
        answer: Any = client.get(address.replace("&amp;", "&"))
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        html = answer.content.decode()
        yield address, html
        for found in LINK.findall(html):
            name = name_of(found)
            if name and name not in seen and not WORDLESS.match(name):
                seen.add(name)
                waiting.append(found)


def data() -> set[str]:
    """The words of every name that people gave, and of every code: what no language changes."""
    given: list[str] = [*TYPED, *CURRENCIES]
    for model, columns in (
        (User, ("username", "name")),
        (Site, ("code", "name", "country")),
        (Location, ("code",)),
        (Lot, ("number", "supplier_lot")),
        (Material, ("code", "name", "formula", "source")),
        (Element, ("symbol",)),
        (Supplier, ("code", "name", "country")),
        (Order, ("number",)),
    ):
        for row in model.objects.values_list(*columns):
            given += [str(value) for value in row]
    given += Location.objects.filter(kind="store").values_list("name", flat=True)
    return {word for text in given for word in words(text)} | ALIKE


def words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,:;·/()“”«»{}\"=×]+", text) if re.search(r"[^\W\d_]{2}", word)]


def strange(html: str, known: set[str]) -> list[str]:
    """The pieces of a page with words outside of brackets that are no data."""
    found = []
    for piece in pseudo.pieces(html):
        left = [word.strip(".!?→−+") for word in words(pseudo.outside(piece))]
        if any(word not in known and not CODE.fullmatch(word) for word in left):
            found.append(" ".join(piece.split())[:160])
    return found


def test_no_page_says_a_word_that_is_not_marked(reserve: SmallReserve, world: World) -> None:
    known, seen, wrong, read = data(), set[str](), list[str](), 0
    with pseudo.spoken():
        for who in PEOPLE:
            User.objects.filter(username=who).update(preferences={"language": "fr"})
            client = Client()
            client.force_login(world.people[who])
            for address, html in pages(client, seen):
                assert '<html lang="fr"' in html, address
                wrong += [f"{who} {address}: {text}" for text in strange(html, known)]
                read += 1
    assert read > 60
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Nothing is held here</p>",
        '<input type="submit" value="Send it">',
        '<a title="Sign out">⟦Quitter⟧</a>',
        "<p>⟦Lot ⟧RE-26-00001⟦ est ⟧suspended⟦.⟧</p>",
        "<svg><text>target 2 t</text></svg>",
    ],
)
def test_a_word_that_somebody_forgot_to_mark_is_found(planted: str) -> None:
    assert strange(planted, {"RE-26-00001"})


def test_marked_words_figures_and_data_pass() -> None:
    assert not strange("<p>⟦Lot ⟧RE-26-00001⟦: ⟧1 234,5 kg⟦, ⟧Ana</p>", {"RE-26-00001", "Ana", "kg"})
