"""A page with all that it brings along stays under 150 kB where nothing is kept from before.

Counted as production sends it: the page itself and what it links, scripts and styles as gzip makes them (whitenoise
keeps them so), the font as it is, because its format is compressed already.
"""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.journeys.small_reserve import build

MOST = 150_000
LINKED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="/static/([^"]+)"')
IN_STYLE = re.compile(r'url\("?([^")]+)"?\)')
MENU = re.compile(r'<a href="(/[^"]*)"')


def size(name: str) -> int:
    with open(str(finders.find(name)), "rb") as file:
        content = file.read()
    brought = sum(size(f"ui/{path}") for path in IN_STYLE.findall(content.decode())) if name.endswith(".css") else 0
    return brought + (len(content) if name.endswith(".woff2") else len(gzip.compress(content, 6, mtime=0)))


def weight(html: str) -> int:
    return len(gzip.compress(html.encode(), 6, mtime=0)) + sum(size(name) for name in set(LINKED.findall(html)))


@pytest.mark.parametrize("who", ["ana", "pia", "dee", "aud", "adm"])
def test_every_page_of_the_menu_is_light(people, world, who):
    made = build(world)
    person = getattr(people, who)
    menu = set(MENU.findall(person.get("/").split("</header>")[0])) - {"/api/docs/"}
    more = {f"/lots/{made.held}/", f"/orders/{made.order}/", "/elements/Nd/"} if who == "dee" else set()
    heavy = {address: found for address in sorted(menu | more) if (found := weight(person.get(address))) > MOST}
    assert not heavy
