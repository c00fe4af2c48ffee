"""Pia buys: from a need on her desk to an order that stands beside the shortfall, never in it."""

import re

SHORT = "1.275 t"


def test_a_need_becomes_an_order(enter, reserve):
    pia = enter("pia", signed_in=False)
    pia.signs_in()

    # The need, its flag, and an order filled in with what is not covered yet
    need = pia.row("Neodymium", "oxide", within=pia.panel("Needs without an order"))
    pia.reads(need, Short=SHORT, On_order="0.427 t", Not_covered="0.848 t", Flag="Critical")
    pia.follows(re.compile("^Critical"), to="flag", within=need)
    pia.sees(f"Short by {SHORT}")
    pia.follows("Order this", to="order-new")
    pia.sees(f"Answers flag {reserve.flag_of(reserve.oxide)}.")
    line = pia.main.get_by_role("group", name="Line 1")
    assert line.get_by_label("Material").input_value() == "nd-oxide"
    assert line.get_by_label("Mass").input_value() == "995"
    pia.fills({"Supplier": "LYNAS", "Note": "For the flag of November"})
    pia.fills({"To site": "ANT", "Price per kg": "62.5", "Promised for": "2027-01-15"}, within=line)
    order = pia.sends("Save the draft", to="order", says="Drafted").split()[1].rstrip(".")
    pia.sends("Submit for approval", to="order", says=f"Submitted {order}. Another person has to approve it.")

    # A manager, another person, approves
    dee = enter("dee", theme="dark")
    dee.opens("/")
    dee.follows(f"Order {order}", to="order", within=dee.panel("Waiting for my decision"))
    dee.sees("995", "For the flag of November")
    dee.sends("Approve", to="order", says=f"Approved {order}. It can be placed with the supplier.")

    # Placed, it is on order: beside what is short, which is as short as before
    pia.goes("Desk", to="desk")
    pia.follows(order, to="order", within=pia.panel("Waiting for me"))
    pia.sends("Place with the supplier", to="order", says=f"Placed {order}. It is on order from now on.")
    pia.goes("Position", to="position")
    row = pia.row("Neodymium", "oxide", within=pia.panel("Targets"))
    pia.reads(row, Eligible="0.725 t", On_order="1.275 t", Short=SHORT)
    pia.opens(f"/flags/{reserve.flag_of(reserve.oxide)}/")
    pia.sees(f"Short by {SHORT}", "1.275 t is on order.")
    pia.sees(order, within=pia.panel("Orders that answer it"))
    pia.signs_out()
