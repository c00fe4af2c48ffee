"""Everybody opens every page that their menu offers."""

import pytest

ROLES = ("ana", "pia", "dee", "aud", "adm")


@pytest.mark.parametrize("name", ROLES)
def test_it_opens_every_page_of_the_menu(enter, name):
    width, theme = (390, "dark") if ROLES.index(name) % 2 else (1440, "light")
    person = enter(name, width=width, theme=theme)
    person.opens("/")
    for address in person.links():
        person.opens(address)
