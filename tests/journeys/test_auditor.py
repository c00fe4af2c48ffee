"""Aud looks back: any past day, who did what, and whether the records still agree."""


def test_what_was_and_who_did_it(enter, reserve):
    aud = enter("aud", theme="dark", signed_in=False)
    aud.signs_in()
    aud.sees("Ran", "none", within=aud.panel("Verification"))
    aud.sees("Opening and movements make the closing for every material.", within=aud.panel("Roll-forward"))

    # The position of a past day: a lot accepted since, and one received since, are not in it
    aud.fills({"As of": "2026-11-05"}, within=aud.panel("The position on any day"))
    aud.presses("Show the position")
    aud.arrives("position")
    aud.sees("As it was at the end of 5 Nov 2026")
    aud.reads(aud.row("Neodymium, oxide", within=aud.panel("Targets")), Eligible="0.640 t", Flag="Short")

    # Who did what
    aud.goes("Audit log", to="commands")
    ask = aud.row("Ask for an adjustment", reserve.held)
    aud.sees("Done", within=ask)
    ask.get_by_text("Asked, answered").click()
    aud.sees("Reweighed on scale 2", within=ask)

    # A lot's history, sealed
    aud.opens(f"/lots/{reserve.held}/")
    aud.sees("Verified", within=aud.panel("Facts"))
    aud.sees("In specification", "no. 1", "Ana", "Dee", within=aud.panel("History"))
    aud.signs_out()
