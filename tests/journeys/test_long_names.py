"""Names as the world has them: from the right to the left, or one word wider than a phone."""

import pytest
from playwright.sync_api import Page

from config.accounts.models import User
from inventory.models import Material, Site
from procurement.models import Supplier
from tests.journeys.people import Enter
from tests.journeys.small_reserve import SmallReserve

pytestmark = pytest.mark.long

LONG = "Seltenerdmetallzwischenlagerungsgesellschaftsniederlassungen"
ARABIC, HEBREW = "شركة المعادن النادرة (٢٠٢٦)", "דליה כהן-לוי"


def test_long_words_and_names_from_the_right_are_shown_whole_on_a_phone(enter: Enter, reserve: SmallReserve):
    Supplier.objects.update(name=ARABIC)
    Site.objects.filter(code="ANT").update(name=LONG)
    Material.objects.filter(code="nd-oxide").update(name=LONG)
    User.objects.filter(username="adm").update(name=HEBREW)
    supplier = Supplier.objects.values_list("code", flat=True)[0]
    dee = enter("dee", width=390)
    # Written past the doors: what counts here is how any name is shown.
    for address, name in (
        ("/lots/", LONG),
        (f"/lots/{reserve.held}/", LONG),
        ("/materials/nd-oxide/", LONG),
        (f"/orders/{reserve.order}/", ARABIC),
        (f"/suppliers/{supplier}/", ARABIC),
    ):
        dee.opens(address)
        _whole(dee.page, name)
    adm = enter("adm", width=390)
    adm.opens("/people/")
    _whole(adm.page, HEBREW)


def _whole(page: Page, name: str) -> None:
    """The name stands on the page, and no part of it is cut off."""
    shown = page.locator("main").get_by_text(name).locator("visible=true").first
    whole = "one => { const box = one.getBoundingClientRect(); return box.left >= 0 && box.right <= innerWidth && box.width > 0; }"
    assert shown.evaluate(whole), f"{page.url}: {name} is cut"


def test_long_masses_stay_whole_and_in_their_tiles_on_a_phone(enter: Enter, reserve: SmallReserve):
    dee = enter("dee", width=390)
    dee.opens(f"/lots/{reserve.held}/")
    shown = """(figure) => {
      const value = document.querySelector(".stat-value");
      value.classList.add("long");
      value.firstChild.textContent = figure;
      const lines = value.clientHeight / parseFloat(getComputedStyle(value).lineHeight);
      return [value.scrollWidth <= value.clientWidth, Math.round(lines)];
    }"""
    assert dee.page.evaluate(shown, "89,189.312882 ") == [True, 1]
