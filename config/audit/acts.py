"""What commands are called in the log. A kind that is missing here reads as its last word and fails its test."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "accounts.end_tokens": _("Revoke all tokens"),
    "accounts.give_password": _("Give a first password"),
    "accounts.make_token": _("Make a token"),
    "approvals.break_glass": _("Break glass"),
    "approvals.review_break_glass": _("Review a break-glass"),
    "delegations.end": _("End a delegation"),
    "delegations.lend": _("Lend approvals"),
    "jobs.cancel_work": _("Cancel work"),
    "people.ask_password": _("Ask for a temporary password"),
    "reserve.mark_read": _("Note what was read"),
    "accounts.add_administrator": _("Add an administrator"),
    "accounts.add_app": _("Add an authenticator app"),
    "accounts.add_passkey": _("Add a passkey"),
    "accounts.change_password": _("Change the password"),
    "accounts.end_everywhere": _("Sign out everywhere"),
    "accounts.end_session": _("End a session"),
    "accounts.end_token": _("End a token"),
    "accounts.new_codes": _("Make new recovery codes"),
    "accounts.remove_all_factors": _("Remove all second factors"),
    "accounts.remove_factor": _("Remove a second factor"),
    "approvals.approve": _("Agree to a request"),
    "approvals.refuse": _("Refuse a request"),
    "approvals.withdraw": _("Withdraw a request"),
    "inventory.add_location": _("Add a place"),
    "inventory.add_material": _("Add a material"),
    "inventory.ask_adjust": _("Ask for an adjustment"),
    "inventory.ask_issue": _("Ask for an issue"),
    "inventory.ask_reverse": _("Ask for a reversal"),
    "inventory.count": _("Count a lot"),
    "inventory.edit_location": _("Change a place"),
    "inventory.edit_material": _("Change a material"),
    "inventory.edit_site": _("Change a site"),
    "inventory.freeze": _("Freeze lots"),
    "inventory.lapse_retests": _("Take lapsed lots out of account"),
    "inventory.open_lane": _("Open a lane"),
    "inventory.open_site": _("Open site"),
    "inventory.receive": _("Receive a lot"),
    "inventory.record_assay": _("Record an assay"),
    "inventory.retest": _("Record a retest"),
    "inventory.sample": _("Sample a lot"),
    "inventory.set_condition": _("Set condition"),
    "inventory.split": _("Split a lot"),
    "inventory.thaw": _("Let a lot go"),
    "inventory.transfer": _("Transfer a lot"),
    "jobs.run": _("Run a job"),
    "people.add": _("Add a person"),
    "people.change_access": _("Change roles and sites"),
    "people.disable": _("Disable a person"),
    "people.edit": _("Change a person"),
    "people.enable": _("Enable a person"),
    "people.reset_password": _("Give a temporary password"),
    "procurement.add_supplier": _("Add a supplier"),
    "procurement.approve_order": _("Approve an order"),
    "procurement.cancel_order": _("Cancel an order"),
    "procurement.draft_order": _("Draft an order"),
    "procurement.edit_order": _("Change an order"),
    "procurement.edit_supplier": _("Change a supplier"),
    "procurement.note_late": _("Note late deliveries"),
    "procurement.place_order": _("Place an order"),
    "procurement.receive": _("Receive a delivery"),
    "procurement.recount": _("Count deliveries anew"),
    "procurement.send_back_order": _("Send an order back"),
    "procurement.submit_order": _("Submit an order"),
    "reserve.acknowledge": _("Acknowledge a flag"),
    "reserve.assign": _("Assign a flag"),
    "reserve.change_target": _("Change a target"),
    "reserve.rotation_policy_end": _("End a rotation policy"),
    "reserve.rotation_policy": _("Propose a rotation policy"),
    "reserve.rotation_retest": _("Record a retest that was due"),
    "reserve.rotation_start": _("Start work on what is due"),
    "reserve.set_target": _("Propose a target"),
    "reserve.waive": _("Waive a flag"),
}
TURNED_AWAY = _("Turned away at the door")  # kinds edge.*: refused before any command
# What a command was done to, with its number or name.
ABOUT = {
    "lot": _("lot {name}"),
    "order": _("order {name}"),
    "delivery": _("delivery {name}"),
    "request": _("request {name}"),
    "target": _("target {name}"),
    "flag": _("flag {name}"),
    "rotation": _("rotation {name}"),
    "supplier": _("supplier {name}"),
    "material": _("material {name}"),
    "site": _("site {name}"),
    "person": _("person {name}"),
}


def name(kind: str) -> str:
    """The kind in words: `inventory.ask_adjust` is `Ask for an adjustment`."""
    if kind.startswith("edge."):
        return str(TURNED_AWAY)
    return str(NAMES.get(kind) or kind.rpartition(".")[2].replace("_", " ").capitalize())


def about(what: str, name: str) -> str:
    """What it was done to, in words: `lot RE-26-00001`."""
    return str(ABOUT[what]).format(name=name) if what in ABOUT else name
