"""What was wrong is put right: taken back with another person's word, split off, measured anew."""

import re


def test_a_mistake_is_taken_back_when_a_manager_agrees(enter, reserve):
    ana, dee = enter("ana"), enter("dee", width=390, theme="dark")
    ana.opens(f"/lots/{reserve.held}/transfer/")
    ana.fills({"To": "ANT-S2", "Net mass": "50"})
    ana.sends("Transfer", to="lot", says="Moved 50 kg")
    moved = ana.main.get_by_role("listitem").filter(has_text="Transfer of 50 kg")
    ana.follows("Reverse", to="lot-reverse", within=moved)
    assert ana.main.get_by_role("radio", name=re.compile("^Transfer of 50 kg")).is_checked()
    ana.fills({"Reason": "The wrong lot was moved"})
    ana.sends("Ask", to="request", says="A manager has to agree before anything changes.")
    asked = ana.page.url

    # Taken back by who asked, asked again, agreed to by another
    ana.sends("Take it back", to="request", says="You took it back. Nothing was done.")
    ana.opens(f"/lots/{reserve.held}/")
    ana.follows("Reverse", to="lot-reverse", within=moved)
    ana.fills({"Reason": "It was the wrong lot after all"})
    ana.sends("Ask", to="request", says="A manager has to agree before anything changes.")
    assert ana.page.url != asked
    dee.opens("/requests/")
    dee.follows("Reversal", to="request")
    dee.sends("Agree", to="request", says="You agreed, and it was done.")
    ana.opens(f"/lots/{reserve.held}/")
    ana.sees("Reversed", within=moved.filter(has_text="Reversed").first)
    ana.sees("600", within=ana.row("ANT-S1", within=ana.panel("Where it lies")))


def test_a_part_that_differs_becomes_a_lot_of_its_own(enter, reserve):
    ana = enter("ana", width=390, theme="dark")
    ana.opens(f"/lots/{reserve.held}/")
    ana.follows("Split", to="lot-split")
    ana.fills({"Net mass of part 1": "100", "Lot number of part 1": "ANT-WET-1", "Reason": "Ten drums stood in water"})
    ana.sends("Split off", to="lot", says=f"Split off lot {reserve.held}: ANT-WET-1.")
    ana.sees("500", within=ana.row("ANT-S1", within=ana.panel("Where it lies")))
    ana.follows("ANT-WET-1", to="lot", within=ana.panel("Where it came from"))
    ana.follows("Record an assay", to="lot-assay")
    ana.fills({"Laboratory": "Depot laboratory", "Percent 1": "84.9"})
    ana.sends("Bring into force", to="lot", says="The assay of lot ANT-WET-1 is in force.")
    ana.sees("84.9 %")
