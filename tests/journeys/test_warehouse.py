"""Ana at Antwerp: from the truck at the gate to the lot in its store, and the tests that keep it there."""

import re

import pytest


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_day_at_the_depot(enter, reserve, width, theme):
    ana = enter("ana", width=width, theme=theme, signed_in=False)
    ana.signs_in()
    ana.sees("Today at ANT")

    # A truck: what is expected, and the lot that comes of it
    truck = ana.row(reserve.order, within=ana.panel("Trucks expected"))
    ana.sees("Neodymium oxide 99.5", "500 kg", "Yes", within=truck)
    ana.follows(re.compile(rf"^Receive {reserve.order}"), to="delivery-receive", within=truck)
    ana.fills({"Net mass": "495.5", "Where it lies": "ANT-S1"})
    ana.scans("Supplier's lot", "LY-3003")
    lot = ana.sends("Receive", to="lot", says="Received lot").split()[2].rstrip(",")
    ana.sees(lot, "495.5 kg", "LY-3003", "You received this lot.", "Verified", re.compile("J"))
    ana.sees(re.compile("Suspended", re.IGNORECASE))

    # To the other store, and a sample of it
    ana.follows("Transfer", to="lot-transfer")
    ana.fills({"To": "ANT-S2", "Net mass": "400", "Reason": "Store 1 is full"})
    ana.sends("Transfer", to="lot", says="Moved 400 kg")
    where = ana.panel("Where it lies")
    ana.sees("95.5", within=ana.row("ANT-S1", within=where))
    ana.sees("400", within=ana.row("ANT-S2", within=where))
    ana.follows("Sample", to="lot-sample")
    ana.fills({"From": "ANT-S2", "Net mass": "250", "Unit": "g", "Reason": "For the laboratory, seal 7741"})
    ana.sends("Take the sample", to="lot", says="Sampled 250 g (0.25 kg)")
    ana.sees("399.75", within=ana.row("ANT-S2", within=where))

    # Less than the books say: another person has to agree
    ana.follows("Ask for an adjustment", to="lot-adjust")
    ana.picks("There is less than the books say")
    ana.fills({"Where": "ANT-S1", "Net mass to take out or add": "0.5", "Reason": "Torn bag, reweighed on scale 2"})
    ana.sends("Ask", to="request", says="A manager has to agree before anything changes.")
    ana.sees("You asked for this, so another person has to decide on it (manager).")

    # A retest that is due
    ana.goes("Desk", to="desk")
    ana.follows(reserve.due, to="rotation-row", within=ana.panel("Retests and rotation due"))
    ana.sends("Start work", to="rotation-row", says="In work.")
    ana.picks(re.compile("^Passed"))
    ana.fills({"Tested on": reserve.world.now.date().isoformat(), "Laboratory": "Depot laboratory"})
    ana.sends("Record", to="rotation-row", says=f"Recorded. Lot {reserve.due} is due again on 22 Nov 2031.")
    ana.sees("Due date moved from 20 Dec 2026 to 22 Nov 2031")
    ana.signs_out()


def test_another_person_than_the_receiver_accepts(enter, reserve):
    ana = enter("ana", theme="dark")
    ana.opens("/")
    hold = ana.row(reserve.on_hold, within=ana.panel("On hold"))
    ana.sees("received by Ben: you may accept", within=hold)
    ana.follows(f"Accept {reserve.on_hold}", to="lot-condition", within=hold)
    ana.fills({"Reason": "In specification by the supplier's certificate"})
    ana.sends("Set condition", to="lot", says=f"Lot {reserve.on_hold} is now in condition A. It counts now.")
    ben = enter("ben")
    ben.opens(f"/lots/{reserve.on_hold}/")
    ben.sees("In specification by the supplier's certificate")


def test_it_receives_a_lot_without_javascript(enter, reserve):
    ben = enter("ben", script=False, signed_in=False)
    ben.signs_in()
    ben.follows(re.compile("^Receive"), to="deliveries", within=ben.main.locator(".tiles"))
    ben.follows("Came without an order: receive it", to="receive")
    ben.fills(
        {
            "Material": "NdPr oxide 99",
            "Where it lies": "ANT-S2",
            "Net mass": "1.5",
            "Unit": "t",
            "Our lot number": "ANT-TEST-1",
        }
    )
    ben.sends("Receive", to="lot", says="Received lot ANT-TEST-1, 1.5 t (1,500 kg).")
    ben.sees("1,500", within=ben.row("ANT-S2", within=ben.panel("Where it lies")))
