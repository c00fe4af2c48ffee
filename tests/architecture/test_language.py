"""Every string that a person reads is in the catalogue, translated, with the same places for facts; the .mo is the .po."""

import pytest
from django.utils import translation

from config.audit import edge
from config.audit.refused import Refused
from tests.architecture import catalogue
from tests.pages import People
from tests.world import World


def texts(message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def ids(message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [message.id]


def test_the_catalogue_knows_every_string_of_code_and_templates():
    kept = catalogue.kept()
    lost = [
        f"{path}: {text}"
        for (context, text), (_, path) in catalogue.asked().items()
        if not kept.get(text, context or None)
    ]
    assert not lost, "run python -m tests.architecture.catalogue and translate:\n" + "\n".join(lost)


def test_every_string_is_translated_and_keeps_its_places_for_facts():
    wrong = []
    for message in catalogue.kept():
        if not message.id:
            continue
        places = set().union(*map(catalogue.placeholders, ids(message)))
        for text in texts(message):
            if not text or message.fuzzy or not catalogue.placeholders(text) <= places:
                wrong.append(message.id)
        if isinstance(message.id, str) and catalogue.placeholders(str(message.string)) != places:
            wrong.append(message.id)
    assert not wrong


def test_what_machines_read_is_what_people_wrote():
    compiled = {tuple(ids(m)): texts(m) for m in catalogue.compiled() if m.id}
    assert compiled == {tuple(ids(m)): texts(m) for m in catalogue.kept() if m.id}


class Few(Refused):
    code = "few"
    template = translation.gettext_lazy("{symbol} is not in the catalogue of elements.")


def test_a_refusal_speaks_the_persons_language_and_is_recorded_in_english():
    with translation.override("fr"):
        refusal = Few(symbol="Xx")
        assert refusal.message == "Xx n’est pas au catalogue des éléments."
        assert refusal.answer()["message"] == "Xx is not in the catalogue of elements."
    assert refusal.message == "Xx is not in the catalogue of elements."


@pytest.mark.parametrize(
    ("typed", "read"), [("12,5", "12.5"), ("12.5", "12.5"), ("1,234", "1.234"), ("1,2,3", None), ("1.234,5", None)]
)
def test_a_decimal_comma_is_read_in_french_and_groups_are_never_guessed(typed, read):
    with translation.override("fr"):
        if read:
            assert str(edge.decimal(edge.typed(typed))) == read
        else:
            with pytest.raises(edge.NotPlain):
                edge.decimal(edge.typed(typed))
    assert edge.typed(typed) == typed


@pytest.mark.parametrize("path", ["/lots/", "/position/", "/orders/", "/targets/", "/rotation/", "/"])
def test_a_page_speaks_french(world: World, people: People, path: str):
    world.stock("1234.5")
    people.pia.post("/preferences/", {"language": "fr"})
    html = people.pia.get(path)
    assert '<html lang="fr">' in html
    for word in ("Skip to content", "Sign out", "Show all", "Suppliers<", ">Orders<"):
        assert word not in html, word
