"""Dee watches over the reserve: what is short and why, what moves it, and what only a second person may settle."""

import re


def test_from_the_position_to_the_lot_that_moves_it(enter, reserve):
    dee = enter("dee", signed_in=False)
    dee.signs_in()
    dee.goes("Position", to="position")
    targets = dee.panel("Targets")
    dee.sees("Neodymium, oxide", within=targets.get_by_role("row").nth(1))

    # Why it is short: the waterfall, and the lots that one step takes out
    dee.presses_link("Neodymium, oxide", within=targets)
    waterfall = dee.main.get_by_role("table", name=re.compile("^From what is held to what is eligible"))
    dee.sees("0.213", within=dee.row("Accepted", within=waterfall))
    dee.looks()
    dee.follows("Nd along the chain", to="element")
    dee.sees("Neodymium", "Along the chain")
    dee.follows(reserve.on_hold, to="lot")
    dee.follows("Set condition", to="lot-condition")
    dee.picks(re.compile("^A "))
    dee.fills({"Reason": "Both assays in specification"})
    dee.sends("Set condition", to="lot", says="is now in condition A.")
    dee.goes("Position", to="position")
    dee.reads(dee.row("Neodymium, oxide", within=targets), Eligible="0.938 t", Short="1.062 t")

    # A correction that the depot asked for
    dee.goes("Requests", to="requests")
    dee.follows("Adjustment", to="request")
    dee.sees("Reweighed on scale 2")
    dee.fills({"Note": "Seen the weigh ticket"})
    dee.sends("Agree", to="request", says="You agreed, and it was done.")
    dee.opens(f"/lots/{reserve.held}/")
    dee.sees("598", within=dee.panel("Where it lies"))
    dee.signs_out()


def test_a_flag_is_taken_on_handed_over_and_waived(enter, reserve):
    dee, eve = enter("dee", theme="dark"), enter("eve", width=390)
    minor, critical = (f"/flags/{reserve.flag_of(target)}/" for target in (reserve.magnets, reserve.oxide))

    dee.opens("/flags/")
    dee.follows("NdFeB magnet block", to="flag")
    assert dee.page.url.endswith(minor)
    dee.fills({"What will be done": "Ask two makers for offers"}, within=dee.panel("Acknowledge"))
    dee.sends("Acknowledge", to="flag", says="Acknowledged. You are its owner now.")
    assign = dee.panel("Assign")
    dee.fills({"To": "Pia", "Note": "Please take it from here"}, within=assign)
    dee.sends("Assign", to="flag", says="Assigned.")
    dee.sees("Pia", within=dee.panel("Who acts"))
    waive = dee.panel("Waive until a day")
    dee.fills({"Until": "2027-03-01", "Why it is accepted": "The new line starts in March"}, within=waive)
    dee.sends("Waive", to="flag", says="Waived.")
    dee.sees("Waived until 1 Mar 2027", within=dee.panel("Who acts"))

    # A critical one takes two
    dee.opens(critical)
    dee.fills({"Until": "2027-01-31", "Why it is accepted": "Lynas delivers in January"}, within=waive)
    dee.sends("Waive", to="flag", says="It waits for a second manager: the flag is critical.")
    dee.sees("Waits for a second manager")
    dee.follows("Look at the request", to="request")
    dee.sees("another person has to decide on it")
    eve.opens("/")
    eve.follows("Waiver", to="request", within=eve.panel("Waiting for my decision"))
    eve.sends("Agree", to="request", says="You agreed, and it was done.")
    dee.opens(critical)
    dee.sees("Waived until 31 Jan 2027", within=dee.panel("Who acts"))


def test_a_target_counts_once_a_second_manager_approves(enter, reserve):
    dee, eve = enter("dee"), enter("eve", theme="dark")
    dee.opens("/targets/")
    dee.follows("New target", to="target-new")
    dee.picks(re.compile("^An element in a form"))
    dee.fills(
        {"Element": "Dy", "Form": "Magnet block", "Unit of the masses": "kg", "Mass to hold": "30", "Floor": "10"}
    )
    dee.fills({"From": reserve.world.now.date().isoformat(), "Source": "Plan 2027, table 1"})
    dee.presses("Propose to a second manager")
    dee.arrives("target")
    dee.sees("Waits for a second manager", "nobody has approved it yet")
    proposed = dee.page.url
    dee.goes("Position", to="position")
    dee.sees_no("Dysprosium", within=dee.panel("Targets"))

    eve.opens("/requests/")
    eve.follows("New target", to="request")
    eve.sees("Plan 2027, table 1")
    eve.sends("Agree", to="request", says="You agreed, and it was done.")
    dee.opens(proposed)
    dee.sees("Dee and Eve")
    dee.goes("Position", to="position")
    dee.reads(dee.row("Dysprosium", within=dee.panel("Targets")), Required="30", Eligible="6", Short="24")
