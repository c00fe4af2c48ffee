"""Every address of the system, and the act of the matrix that it asks for. A route that is not here fails its test."""

from dataclasses import dataclass, field
from typing import Any

# Open to everybody who is signed in, whatever their role.
SIGNED_IN = "signed in"
# Open to everybody.
OPEN = "open"


@dataclass(frozen=True)
class Route:
    """`get` and `post` name an act, or OPEN, SIGNED_IN, or "" for a method that the route does not have.

    `sited`: with these arguments it shows a thing of site ANT, which people of other sites must not find.
    """

    get: str = ""
    post: str = ""
    args: dict[str, Any] = field(default_factory=dict)
    sited: bool = False
    put: str = ""
    patch: str = ""


LOT, REQUEST, ONE = {"number": "ANT-LOT"}, {"pk": "REQUEST"}, {"pk": 1}
ORDER, CODE = {"number": "PO-26-99999"}, {"code": "NOBODY"}

ROUTES = {
    # ---- open -------------------------------------------------------------------------------------------------------
    "livez": Route(OPEN),
    "healthz": Route(OPEN),
    "sign-in": Route(OPEN, OPEN),
    "sign-in-code": Route(OPEN, OPEN),
    "sign-in-passkey": Route(OPEN, OPEN),
    "sign-in-sso": Route(OPEN),
    "sign-in-sso-back": Route(OPEN),
    "api-token": Route("", OPEN),
    "api-nothing": Route(OPEN, OPEN),
    # ---- one's own --------------------------------------------------------------------------------------------------
    "desk": Route(SIGNED_IN),
    "search": Route(SIGNED_IN),
    "sign-out": Route("", SIGNED_IN),
    "preferences": Route("", SIGNED_IN),
    "table-columns": Route("", "orders.see", {"name": "orders"}),
    "change-password": Route(SIGNED_IN, SIGNED_IN),
    "account": Route(SIGNED_IN),
    "account-end-session": Route("", SIGNED_IN),
    "account-end-token": Route("", SIGNED_IN),
    "account-end-everywhere": Route("", SIGNED_IN),
    "confirm-password": Route(SIGNED_IN, SIGNED_IN),
    "second-factor": Route(SIGNED_IN),
    "second-factor-app": Route(SIGNED_IN, SIGNED_IN),
    "second-factor-passkey": Route(SIGNED_IN, SIGNED_IN),
    "second-factor-codes": Route(SIGNED_IN, SIGNED_IN),
    "second-factor-remove": Route(SIGNED_IN, SIGNED_IN, ONE),
    "ui-components": Route(SIGNED_IN),
    "api-logout": Route("", SIGNED_IN),
    "api-schema": Route(SIGNED_IN),
    "api-docs": Route(SIGNED_IN),
    # ---- running the system -----------------------------------------------------------------------------------------
    "people": Route("people.see"),
    "person": Route("people.see", "", {"username": "ben"}),
    "api-people": Route("people.see", "people.write"),
    "api-person": Route("people.see", "", {"username": "ben"}, put="people.write"),
    "api-person-access": Route("", "people.write", {"username": "ben"}),
    "api-person-disable": Route("", "people.write", {"username": "ben"}),
    "api-person-enable": Route("", "people.write", {"username": "ben"}),
    "person-new": Route("people.write", "people.write"),
    "person-edit": Route("people.write", "people.write", {"username": "ben"}),
    "person-access": Route("people.write", "people.write", {"username": "ben"}),
    "person-disable": Route("people.write", "people.write", {"username": "ben"}),
    "person-password": Route("people.write", "people.write", {"username": "ben"}),
    "person-enable": Route("people.write", "people.write", {"username": "ben"}),
    "commands": Route("commands.see"),
    "jobs": Route("jobs.see"),
    "job-run": Route("", "jobs.run", {"name": "inventory.verify_ledger"}),
    "api-jobs": Route("jobs.see"),
    # ---- the read-only window on tables --------------------------------------------------------------------------------
    "admin:index": Route("tables.see"),
    "admin:jsi18n": Route("tables.see"),
    "admin:app_list": Route("tables.see", "", {"app_label": "accounts"}),
    "admin:accounts_user_changelist": Route("tables.see"),
    "admin:accounts_user_change": Route("tables.see", "", {"object_id": 1}),
    "admin:audit_registryfact_changelist": Route("tables.see"),
    "admin:audit_registryfact_change": Route("tables.see", "", {"object_id": 1}),
    "admin:jobs_jobrun_changelist": Route("tables.see"),
    "admin:jobs_jobrun_change": Route("tables.see", "", {"object_id": 1}),
    "admin:jobs_outbox_changelist": Route("tables.see"),
    "admin:jobs_outbox_change": Route("tables.see", "", {"object_id": 1}),
    "admin:knox_authtoken_changelist": Route("tables.see"),
    "admin:axes_accessattempt_changelist": Route("tables.see"),
    "admin:axes_accessattempt_change": Route("tables.see", "", {"object_id": 1}),
    "admin:axes_accessfailurelog_changelist": Route("tables.see"),
    "admin:axes_accessfailurelog_change": Route("tables.see", "", {"object_id": 1}),
    # ---- requests ---------------------------------------------------------------------------------------------------
    "requests": Route("requests.see"),
    "request": Route("requests.see", "requests.see", REQUEST, sited=True),
    "api-requests": Route("requests.see", "requests.see"),
    "api-request": Route("requests.see", "", REQUEST, sited=True),
    "api-request-approve": Route("", "requests.see", REQUEST, sited=True),
    "api-request-refuse": Route("", "requests.see", REQUEST, sited=True),
    "api-request-withdraw": Route("", "requests.see", REQUEST, sited=True),
    # ---- catalogue and sites ----------------------------------------------------------------------------------------
    "materials": Route("catalogue.see"),
    "material": Route("catalogue.see", "", {"code": "nd-oxide"}),
    "sites": Route("sites.see"),
    "site": Route("sites.see", "", {"code": "ANT"}, sited=True),
    "api-kept-sites": Route("sites.write", "sites.write"),
    "api-kept-site": Route("sites.write", "", {"code": "ANT"}, put="sites.write"),
    "api-kept-places": Route("", "sites.write", {"code": "ANT"}),
    "api-kept-place": Route("", "", {"code": "ANT-S1"}, put="sites.write"),
    "api-kept-materials": Route("", "catalogue.write"),
    "api-kept-material": Route("catalogue.see", "", {"code": "nd-oxide"}, put="catalogue.write"),
    "material-new": Route("catalogue.write", "catalogue.write"),
    "material-edit": Route("catalogue.write", "catalogue.write", {"code": "nd-oxide"}),
    "kept-sites": Route("sites.write"),
    "kept-site-new": Route("sites.write", "sites.write"),
    "kept-site": Route("sites.write", "", {"code": "ANT"}),
    "kept-site-edit": Route("sites.write", "sites.write", {"code": "ANT"}),
    "kept-place-new": Route("sites.write", "sites.write", {"code": "ANT"}),
    "kept-place": Route("sites.write", "sites.write", {"code": "ANT-S1"}),
    "api-elements": Route("catalogue.see"),
    "api-materials": Route("catalogue.see"),
    "api-sites": Route("sites.see"),
    "api-locations": Route("sites.see"),
    # ---- lots -------------------------------------------------------------------------------------------------------
    "lots": Route("lots.see"),
    "receive": Route("lots.receive", "lots.receive"),
    "lot": Route("lots.see", "", LOT, sited=True),
    "lot-transfer": Route("lots.transfer", "lots.transfer", LOT, sited=True),
    "lot-sample": Route("lots.sample", "lots.sample", LOT, sited=True),
    "lot-split": Route("lots.split", "lots.split", LOT, sited=True),
    "lot-condition": Route("lots.accept", "lots.accept", LOT, sited=True),
    "lot-assay": Route("lots.assay", "lots.assay", LOT, sited=True),
    "lot-retest": Route("lots.retest", "lots.retest", LOT, sited=True),
    "lot-adjust": Route("adjust.ask", "adjust.ask", LOT, sited=True),
    "lot-reverse": Route("reverse.ask", "reverse.ask", LOT, sited=True),
    "lot-thaw": Route("lots.thaw", "lots.thaw", LOT, sited=True),
    "api-lots": Route("lots.see"),
    "api-lot": Route("lots.see", "", LOT, sited=True),
    "api-lot-condition": Route("", "lots.accept", LOT, sited=True),
    "api-lot-assay": Route("", "lots.assay", LOT, sited=True),
    "api-lot-retest": Route("", "lots.retest", LOT, sited=True),
    "api-lot-split": Route("", "lots.split", LOT, sited=True),
    "api-lot-thaw": Route("", "lots.thaw", LOT, sited=True),
    "api-receipts": Route("", "lots.receive"),
    "api-movements": Route("lots.see", "lots.transfer"),
    "api-positions": Route("positions.see"),
    # ---- suppliers, orders, deliveries ------------------------------------------------------------------------------
    "suppliers": Route("suppliers.see"),
    "supplier-new": Route("suppliers.write", "suppliers.write"),
    "supplier": Route("suppliers.see", "", CODE),
    "supplier-edit": Route("suppliers.write", "suppliers.write", CODE),
    "orders": Route("orders.see"),
    "order-new": Route("orders.write", "orders.write"),
    "order": Route("orders.see", "", ORDER),
    "order-edit": Route("orders.write", "orders.write", ORDER),
    "order-act": Route("", "orders.write", {**ORDER, "act": "submit"}),
    "deliveries": Route("deliveries.see"),
    "delivery-receive": Route("deliveries.receive", "deliveries.receive", ONE),
    "api-suppliers": Route("suppliers.see", "suppliers.write"),
    "api-supplier": Route("suppliers.see", "", CODE, put="suppliers.write"),
    "api-orders": Route("orders.see", "orders.write"),
    "api-order": Route("orders.see", "", ORDER, put="orders.write"),
    "api-order-submit": Route("", "orders.write", ORDER),
    "api-order-approve": Route("", "orders.approve", ORDER),
    "api-order-send-back": Route("", "orders.approve", ORDER),
    "api-order-place": Route("", "orders.write", ORDER),
    "api-order-cancel": Route("", "orders.write", ORDER),
    "api-deliveries": Route("deliveries.see"),
    "api-delivery-receive": Route("", "deliveries.receive", {"line_id": 1}),
    # ---- targets, flags, position -----------------------------------------------------------------------------------
    "position": Route("targets.see"),
    "position-row": Route("targets.see", "", ONE),
    "elements": Route("positions.see"),
    "element": Route("positions.see", "", {"symbol": "Nd"}),
    "targets": Route("targets.see"),
    "target-new": Route("targets.write", "targets.write"),
    "target": Route("targets.see", "targets.write", ONE),
    "flags": Route("flags.see"),
    "flag": Route("flags.see", "", ONE),
    "flag-acknowledge": Route("", "flags.acknowledge", ONE),
    "flag-assign": Route("", "flags.assign", ONE),
    "flag-waive": Route("", "flags.waive", ONE),
    "api-shortfalls": Route("targets.see"),
    "api-targets": Route("targets.see", "targets.write"),
    "api-target": Route("targets.see", "", ONE, patch="targets.write"),
    "api-flags": Route("flags.see"),
    "api-flag": Route("flags.see", "", ONE),
    "api-flag-acknowledge": Route("", "flags.acknowledge", ONE),
    "api-flag-assign": Route("", "flags.assign", ONE),
    "api-flag-waive": Route("", "flags.waive", ONE),
    # ---- rotation ---------------------------------------------------------------------------------------------------
    "rotation": Route("rotations.see"),
    "rotation-policies": Route("policies.see", "policies.write"),
    "rotation-policy-end": Route("policies.write", "policies.write", ONE),
    "rotation-row": Route("rotations.see", "", ONE),
    "rotation-start": Route("", "lots.retest", ONE),
    "rotation-retest": Route("", "lots.retest", ONE),
    "api-rotations": Route("rotations.see"),
    "api-rotation": Route("rotations.see", "", ONE),
    "api-rotation-start": Route("", "lots.retest", ONE),
    "api-rotation-retest": Route("", "lots.retest", ONE),
    "api-rotation-policies": Route("policies.see", "policies.write"),
    "api-rotation-policy-end": Route("", "policies.write", ONE),
}
