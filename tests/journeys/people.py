"""People at real browsers. Whatever page they come to is looked at: it fits, axe finds nothing serious, no console speaks.

They find things as people do: by the words on links, buttons and labels. Nothing here waits for a time, only for what
is to be seen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Response, expect

from tests.world import PASSWORD

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
GRAVE = {"serious", "critical"}
# What axe goes by, but for words and figures: each element once, with its place, the attributes that speak and the theme.
SHAPE = """() => {
  const told = (one) => one.tagName + [...one.attributes].map(({name, value}) => SPEAKS.test(name)
    ? `${name}=${value.replace(/\\d+/g, "")}` : name).sort().join(" ");
  const SPEAKS = /^(id|for|class|role|type|lang|tabindex|aria-.*)$/;
  const worded = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shape = [...document.querySelectorAll("html *")].map((one) => [told(one.parentElement), told(one), worded(one)].join(">"));
  return [...new Set(shape), innerWidth, matchMedia("(prefers-color-scheme: dark)").matches].join("\\n");
}"""
_looked_at: set[int] = set()
# Cells so narrow that their words are broken letter by letter.
CRAMPED = """() => [...document.querySelectorAll("main tbody :is(td, th)")].filter((cell) => {
  const box = cell.getBoundingClientRect(), text = cell.textContent.trim();
  return cell.checkVisibility() && box.width && text.length > 3 && text.length * 6 > box.width && box.width < 40 && box.height > 70;
}).map((cell) => cell.outerHTML.slice(0, 120))"""
# Whatever a page makes of a refusal, Chromium logs its status as an error; htmx names where it does not swap.
REFUSED = re.compile(r"^Failed to load resource: the server responded with a status of (403|422) ")
NOT_SWAPPED = re.compile(r"^Response Status Error Code 403 from ")


@dataclass
class Person:
    """One person at a browser of their own. `refusals` are the statuses that they mean to be answered with."""

    name: str
    context: BrowserContext
    page: Page
    script: bool = True
    refusals: tuple[int, ...] = ()
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", lambda word: self._said(word.type, word.text))
        self.context.on("weberror", lambda error: self.said.append(str(error.error)))
        self.context.on("response", self._answered)
        self.page.on("dialog", self._asked)

    # --- going about ------------------------------------------------------------------------------
    def signs_in(self, *, to: str = "desk") -> None:
        """Type name and password where the sign-in page is; come to `to`."""
        if not self.is_at("sign-in"):
            self.page.goto("/")
            self.arrives("sign-in")
        self.fills({"User name": self.name, "Password": PASSWORD})
        self.presses("Sign in")
        self.arrives(to)

    def signs_out(self) -> None:
        self.page.locator("details.person summary").click()
        self.presses("Sign out")
        self.arrives("sign-in")

    def opens(self, address: str, *, to: str = "", status: int = 200) -> None:
        """Go to an address; `to` when it leads on to another page."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{self.name} opens {address}: {answer.status}"
        self.arrives(to or name_of(self.page.url))

    def goes(self, label: str, *, to: str) -> None:
        """Follow an entry of the menu, which folds away on a small screen."""
        menu = self.page.get_by_role("button", name="Menu")
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("navigation", name="Main").get_by_role(
            "link", name=re.compile(rf"^{label}( ?\d+)?$")
        ).click()
        self.arrives(to)

    def follows(self, label: str | re.Pattern[str], *, to: str, within: Locator | None = None) -> None:
        """Follow a link on the page."""
        (within or self.main).get_by_role("link", name=label, exact=isinstance(label, str)).click()
        self.arrives(to)

    def arrives(self, name: str) -> None:
        """Wait for the page of this name, and look at it."""
        self.page.wait_for_url(lambda address: name_of(address) == name)
        self.looks()

    def is_at(self, name: str) -> bool:
        return name_of(self.page.url) == name

    # --- forms ------------------------------------------------------------------------------------
    def fills(self, values: dict[str, str | bool], *, within: Locator | None = None) -> None:
        """Type, choose or tick by label. A choice is named by the beginning of its words or its value."""
        for label, value in values.items():
            control = (within or self.page).get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(optional)?\s*$"))
            if isinstance(value, bool):
                control.set_checked(value)
            elif control.evaluate("control => control.tagName") == "SELECT":
                control.select_option(self._option(control, value))
            else:
                control.fill(value)

    def picks(self, label: str | re.Pattern[str]) -> None:
        """Choose one of several radio buttons."""
        self.page.get_by_role("radio", name=label).check()

    def scans(self, label: str, text: str) -> None:
        """A wedge scanner types fast and ends with Enter."""
        self.page.get_by_label(label).focus()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def presses_link(self, label: str, *, within: Locator | None = None) -> None:
        """Follow a link that changes a part of the page."""
        (within or self.main).get_by_role("link", name=label, exact=True).click()

    def presses(self, label: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        self.button(label, within=within).click()

    def sends(
        self, label: str | re.Pattern[str], *, to: str, says: str | re.Pattern[str], within: Locator | None = None
    ) -> str:
        """Press the button that sends a form; come to `to`, which says that it was done. Returns what it says."""
        self.presses(label, within=within)
        expect(self.messages).to_contain_text(says)
        self.arrives(to)
        return self.messages.inner_text().strip()

    def is_refused(
        self, label: str | re.Pattern[str], why: str | re.Pattern[str], *, within: Locator | None = None
    ) -> Locator:
        """Press the button; the form comes back and says why, with the focus there. Returns what says so."""
        self.presses(label, within=within)
        alert = self.main.get_by_role("alert").filter(has_text=why)
        expect(alert).to_be_visible()
        expect(alert).to_be_focused()
        self.looks()
        return alert

    def button(self, label: str | re.Pattern[str], *, within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=label, exact=isinstance(label, str))

    # --- looking ----------------------------------------------------------------------------------
    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def messages(self) -> Locator:
        return self.page.locator("#messages")

    def panel(self, title: str) -> Locator:
        """The part of the page under a heading."""
        heading = self.page.get_by_role("heading", level=2, name=re.compile(rf"^{re.escape(title)}"))
        return self.main.locator("section, fieldset").filter(has=heading).last

    def row(self, *words: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The row of a table that has all these words."""
        rows = (within or self.main).get_by_role("row")
        for word in words:
            rows = rows.filter(has_text=word)
        return rows

    def reads(self, row: Locator, **cells: str) -> None:
        """What stands in cells of a row, by the heads of their columns (with _ for a space)."""
        for head, text in cells.items():
            expect(row.locator(f'[data-label="{head.replace("_", " ")}"]')).to_contain_text(text)

    def sees(self, *texts: str | re.Pattern[str], within: Locator | None = None) -> None:
        for text in texts:
            expect(within or self.main).to_contain_text(text)

    def sees_no(self, *texts: str | re.Pattern[str], within: Locator | None = None) -> None:
        for text in texts:
            expect(within or self.main).not_to_contain_text(text)

    def menu(self) -> list[str]:
        """The addresses in the menu."""
        found = self.page.get_by_role("navigation", name="Main", include_hidden=True).locator("a")
        return [str(address) for address in found.evaluate_all("links => links.map(link => link.getAttribute('href'))")]

    def leads(self) -> list[str]:
        """Where the links of the page lead, within the site."""
        ours = "links => links.filter(link => link.origin === location.origin).map(link => link.pathname + link.search)"
        return [str(address) for address in self.main.locator("a[href]").evaluate_all(ours)]

    def looks(self) -> None:
        """The page is whole, does not scroll sideways, and axe finds nothing serious or critical on it."""
        expect(self.page.locator("h1")).to_have_count(1)
        width = self.page.viewport_size
        assert self.page.evaluate(FITS), f"{self.page.url} scrolls sideways at {width}"
        assert not (cramped := self.page.evaluate(CRAMPED)), f"{self.page.url} at {width}: {cramped}"
        shape = hash(self.page.evaluate(SHAPE))
        if self.script and shape not in _looked_at:
            _looked_at.add(shape)
            found = Axe().run(self.page, options=AXE).response["violations"]
            grave = [
                (rule["id"], [node["html"][:160] for node in rule["nodes"]])
                for rule in found
                if rule["impact"] in GRAVE
            ]
            assert not grave, f"{self.page.url} at {width}: {grave}"

    # --- what the browser says --------------------------------------------------------------------
    def kept_quiet(self) -> None:
        """Nothing was said or asked but that what was meant to be refused was refused."""
        refused = [found for word in self.said if (found := REFUSED.match(word))]
        spoken = [word for word in self.said if not REFUSED.match(word) and not (refused and NOT_SWAPPED.match(word))]
        assert not spoken, f"{self.name}'s browser says: {spoken}"
        assert tuple(int(found.group(1)) for found in refused) == self.refusals, f"{self.name}: {self.said}"
        assert not self.asked, f"{self.name} was asked: {self.asked}"

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.said.append(text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.said.append(f"{response.status} {response.url}")

    def _asked(self, dialog: Dialog) -> None:
        self.asked.append(f"{dialog.type} {dialog.message}")
        dialog.accept()

    @staticmethod
    def _option(select: Locator, words: str) -> str:
        options = select.locator("option").evaluate_all("all => all.map(one => [one.value, one.textContent.trim()])")
        fitting = [value for value, text in options if value == words or text.startswith(words)]
        assert fitting, f"no choice {words!r} among {options}"
        return str(fitting[0])


def name_of(address: str) -> str:
    """The name of the page at an address, as addresses are named in the project."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


Enter = Callable[..., Person]
Theme = Literal["light", "dark"]
