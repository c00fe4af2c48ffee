"""Every page as each role sees it, as pictures in var/shots: `make shots`. Not a test, so `make test` leaves it out."""

from pathlib import Path

import pytest

from tests.architecture.test_routes import known
from tests.journeys.people import name_of

FOLDER = Path(__file__).resolve().parents[2] / "var" / "shots"
LOOKS = [(width, theme) for width in (390, 1440) for theme in ("light", "dark")]
# Pages that no link leads to, or that are met while signing in.
APART = {"sign-in": "/sign-in/", "not-found": "/lots/NO-SUCH-LOT/", "ui-components": "/ui/"}


def addresses(person):
    """One address of each kind of page that the menu and the pages behind it lead to."""
    person.page.goto("/")
    found, waiting = {}, ["/", *person.menu(), "/account/"]
    while waiting:
        address = waiting.pop(0)
        if (name := name_of(address)) in found or not name or name.startswith(("api", "admin")):
            continue
        answer = person.page.goto(address)
        if answer and answer.ok and name_of(person.page.url) == name:
            found[name] = address
            waiting += person.leads()
    return found


@pytest.mark.parametrize("name", ["ana", "pia", "dee", "aud", "adm"])
def test_it_is_pictured(enter, settings, name):
    settings.MODE = "trial"
    scout = enter(name)
    pages = addresses(scout) | (APART if name == "dee" else {})
    for width, theme in LOOKS:
        folder = FOLDER / f"{width}-{theme}"
        folder.mkdir(parents=True, exist_ok=True)
        person = enter(name, width=width, theme=theme)
        for page, address in pages.items():
            person.page.goto(address)
            person.page.screenshot(path=folder / f"{name}-{page}.png", full_page=True)
        person.said.clear()
    missing = {route for route in known() if ":" not in route} - set(pages)
    (FOLDER / f"{name}-not-reached.txt").write_text("\n".join(sorted(missing)) + "\n")
    scout.said.clear()
