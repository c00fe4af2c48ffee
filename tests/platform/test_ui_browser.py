"""The page of parts in a real browser: nothing scrolls sideways, axe finds nothing, the script keeps its word."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from config.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS, THEMES = (390, 1440), ("light", "dark")


@pytest.fixture
def enter(settings, live_server):
    """Opens the page of parts for somebody signed in."""
    settings.ROOT_URLCONF = "tests.platform.ui_addresses"
    settings.MODE = "trial"
    client = Client()
    client.force_login(User.objects.create_user("mia", "a-long-password-7", name="Mia", roles=["manager"]))
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}

    def opened(page):
        page.context.add_cookies([{**cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}/ui/")
        return page

    return opened


@pytest.fixture
def parts(page, enter):
    return enter(page)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_axe_finds_nothing(parts, width, theme):
    parts.set_viewport_size({"width": width, "height": 900})
    parts.emulate_media(color_scheme=theme)
    parts.evaluate("for (const more of document.querySelectorAll('main details')) more.open = true")
    assert parts.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(parts, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    assert [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found.response["violations"]] == []


def test_it_remembers_the_theme_before_the_first_paint(parts):
    parts.emulate_media(color_scheme="light")
    parts.click("[data-theme-toggle]")
    parts.reload()
    assert parts.evaluate("document.documentElement.dataset.theme") == "dark"


def test_it_opens_the_menu_on_a_small_screen_without_script(parts):
    parts.set_viewport_size({"width": 390, "height": 800})
    assert not parts.locator("#side").is_visible()
    parts.get_by_role("button", name="Menu").click()
    assert parts.locator("#side").is_visible()


def test_it_goes_to_the_search_box_with_a_slash_unless_somebody_types(parts):
    parts.keyboard.press("Tab")
    parts.keyboard.press("/")
    assert parts.evaluate("document.activeElement.name") == "q"
    parts.locator("textarea").first.focus()
    parts.keyboard.press("/")
    assert parts.locator("textarea").first.input_value() == "/"


def test_it_ends_a_reading_with_enter_and_does_not_send_the_form(parts):
    parts.evaluate("window.read = ''; addEventListener('scan', (event) => { window.read = event.target.value; })")
    address = parts.url
    lot = parts.locator("#id_lot").first
    lot.press_sequentially(" RE-26-00412")
    lot.press("Enter")
    assert parts.evaluate("window.read") == "RE-26-00412"
    assert parts.evaluate("document.activeElement.name") == "net"
    assert parts.url == address


def test_it_sends_a_form_once_however_often_it_is_pressed(parts):
    parts.evaluate(
        """() => {
          const form = document.createElement("form");
          form.method = "post";
          form.innerHTML = "<button id='once' type='submit'>Send</button>";
          document.querySelector("main").append(form);
          window.sent = 0;
          window.addEventListener("submit", (event) => {
            window.sent += !event.defaultPrevented;
            event.preventDefault();
          });
        }"""
    )
    parts.locator("#once").evaluate("(button) => { button.click(); button.click(); button.click(); }")
    assert parts.evaluate("window.sent") == 1


def test_it_asks_before_what_was_typed_is_lost(parts):
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    parts.on("dialog", answer)
    parts.evaluate(
        """() => {
          const form = document.createElement("form");
          form.method = "post";
          form.innerHTML = "<input id='typed' name='typed'>";
          document.querySelector("main").append(form);
        }"""
    )
    parts.locator("#typed").press_sequentially("abc")
    parts.goto("/ui/")
    assert asked == ["beforeunload"]


def test_it_swaps_the_refusal_into_the_live_region(browser, enter):
    # A context of its own: a refused request is an error in the browser's console, whatever the page makes of it.
    parts = enter(browser.new_page())
    parts.evaluate(
        """() => {
          document.querySelector("main").insertAdjacentHTML("beforeend",
            "<button id='ask' type='button' hx-get='/refuse/' hx-swap='innerHTML'>Ask</button>");
          htmx.process(document.querySelector("main"));
        }"""
    )
    parts.locator("#ask").click()
    parts.locator("#messages .callout.bad").wait_for()
    assert "Ask for less." in parts.locator("#messages").inner_text()
    assert parts.locator("#ask").inner_text() == "Ask"
    parts.close()
