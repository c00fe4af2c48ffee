"""Without a mouse: by keyboard alone, and by a scanner that types and ends with Enter."""

import re

from playwright.sync_api import expect

# Where the focus is: in the window, marked by an outline, and under nothing.
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + box.height / 2];
  const top = document.elementFromPoint(x, y);
  return y > 0 && y < innerHeight && getComputedStyle(one).outlineStyle !== "none" &&
    (one === top || one.contains(top) || top?.contains(one));
}"""
FOCUSED = "one => one === document.activeElement"


def tabs_to(person, role, name, *, most=120):
    """Press Tab until the focus is on what has this role and name; on the way it is always to be seen."""
    wanted = person.page.get_by_role(role, name=name).first
    for _ in range(most):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(SEEN), person.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if wanted.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab does not come to the {role} {name}")


def types(person, role, name, text):
    tabs_to(person, role, name)
    person.page.keyboard.type(text)


def enters(person, role, name, *, to):
    tabs_to(person, role, name)
    person.page.keyboard.press("Enter")
    person.arrives(to)


def test_a_lot_is_received_and_accepted_by_keyboard_alone(enter, reserve):
    ana, ben = enter("ana"), enter("ben", theme="dark", width=720)
    ana.opens("/")
    ana.page.keyboard.press("Tab")
    expect(ana.page.get_by_role("link", name="Skip to content")).to_be_focused()
    ana.page.keyboard.press("Enter")
    expect(ana.main).to_be_focused()
    enters(ana, "link", re.compile(rf"^Receive {reserve.order}"), to="delivery-receive")
    types(ana, "combobox", "Where it lies", "ANT-S1")
    types(ana, "textbox", "Net mass", "495.5")
    tabs_to(ana, "button", "Receive")
    ana.page.keyboard.press("Space")
    expect(ana.messages).to_contain_text("Received lot")
    ana.arrives("lot")
    lot = ana.page.url

    ben.opens(lot)
    enters(ben, "link", "Set condition", to="lot-condition")
    tabs_to(ben, "radio", re.compile("^A "))
    ben.page.keyboard.press("Space")
    types(ben, "textbox", "Reason", "Seals whole, papers agree")
    tabs_to(ben, "button", "Set condition")
    ben.page.keyboard.press("Enter")
    expect(ben.messages).to_contain_text("is now in condition A.")
    ben.arrives("lot")
    # The menu of the person: opened, closed with Escape, and the way out
    ben.page.locator("details.person summary").focus()
    ben.page.keyboard.press("Enter")
    expect(ben.button("Sign out")).to_be_visible()
    ben.page.keyboard.press("Tab")
    ben.page.keyboard.press("Escape")
    expect(ben.button("Sign out")).to_be_hidden()
    expect(ben.page.locator("details.person summary")).to_be_focused()


def test_an_order_is_submitted_and_approved_by_keyboard_alone(enter, reserve):
    pia, dee = enter("pia", theme="dark"), enter("dee")
    order = reserve.market.draft()
    pia.opens(f"/orders/{order}/")
    tabs_to(pia, "button", "Submit for approval")
    pia.page.keyboard.press("Enter")
    expect(pia.messages).to_contain_text(f"Submitted {order}.")
    dee.opens("/")
    enters(dee, "link", re.compile(f"^Order {order}"), to="order")
    tabs_to(dee, "button", "Approve")
    dee.page.keyboard.press("Space")
    expect(dee.messages).to_contain_text(f"Approved {order}.")


def test_a_scanner_finds_a_lot_and_moves_it(enter, reserve):
    ana = enter("ana", width=390, theme="dark")
    ana.opens("/search/?scan=1")
    expect(ana.page.get_by_label("Tag of a lot, place or order")).to_be_focused()
    ana.page.keyboard.type("NO-SUCH-TAG")
    ana.page.keyboard.press("Enter")
    expect(ana.main).to_contain_text("NO-SUCH-TAG is not at your sites")
    ana.page.keyboard.type(reserve.held.lower())
    ana.page.keyboard.press("Enter")
    ana.arrives("lot")
    ana.follows("Transfer", to="lot-transfer")
    to = ana.page.get_by_label("To", exact=True)
    ana.scans("To", "XYZ-S9")
    expect(ana.messages).to_contain_text("XYZ-S9 is not in this list")
    expect(to).to_have_value("")
    expect(ana.main.locator(".field .unread")).to_contain_text("XYZ-S9 is not in this list")
    ana.scans("To", "ant-s2")
    expect(to).to_have_value("ANT-S2")
    expect(ana.main.locator(".unread")).to_have_count(0)
    expect(ana.messages).to_be_empty()
    expect(ana.page.get_by_label("Net mass")).to_be_focused()
    ana.sends("Transfer", to="lot", says="Moved")
    ana.sees("600", within=ana.row("ANT-S2", within=ana.panel("Where it lies")))


def test_a_tag_read_on_any_page_opens_its_lot(enter, reserve):
    ana = enter("ana", width=390)
    ana.opens("/")
    ana.page.keyboard.type(reserve.held.lower())
    ana.page.keyboard.press("Enter")
    ana.arrives("lot")
