"""A newcomer's first hour: a lot comes in, somebody accepts it, and the number moves until its flag closes."""

import re


def test_a_lot_is_received_and_the_number_moves(enter, reserve):
    dee, ana = enter("dee"), enter("ana", width=390, theme="dark")
    flag = f"/flags/{reserve.flag_of(reserve.oxide)}/"

    def oxide():
        dee.goes("Position", to="position")
        return dee.row("Neodymium", "oxide", within=dee.panel("Targets"))

    dee.opens("/position/")
    dee.reads(oxide(), Eligible="0.725 t", Short="1.275 t", Flag="Critical")

    # Received, it is held but counts for nothing
    ana.opens("/")
    ana.follows(re.compile("^Receive"), to="deliveries", within=ana.main.locator(".tiles"))
    ana.follows("Came without an order: receive it", to="receive")
    ana.fills({"Material": "Neodymium oxide 99.5", "Where it lies": "ANT-S2", "Net mass": "2", "Unit": "t"})
    lot = ana.sends("Receive", to="lot", says="Received lot").split()[2].rstrip(",")
    reserve.sweeps()
    dee.reads(oxide(), Eligible="0.725 t", Short="1.275 t", Flag="Critical")

    # Accepted by another person, it counts at once
    dee.goes("Lots", to="lots")
    dee.follows(lot, to="lot")
    dee.sees("Neodymium, oxide", "it does not count yet", within=dee.panel("Wanted"))
    dee.follows("Set condition", to="lot-condition")
    dee.picks(re.compile("^A "))
    dee.fills({"Reason": "In specification"})
    dee.sends("Set condition", to="lot", says=f"Lot {lot} is now in condition A.")
    dee.reads(oxide(), Eligible="2.431 t", Short="–", Flag="Met")

    # The flag closes itself with the next scan
    dee.opens(flag)
    dee.sees("Met now; the next scan closes this flag.")
    reserve.sweeps()
    dee.opens(flag)
    dee.sees("Met again since 22 Nov 2026.", "Closed")
    dee.goes("Flags", to="flags")
    dee.sees_no("Neodymium")
    ana.goes("Desk", to="desk")
    ana.sees_no(lot)
