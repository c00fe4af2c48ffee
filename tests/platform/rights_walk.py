"""One reserve in which every act of the role table can be done to something, and where its button and its route are.

A thing lies at site ANT, or nowhere in particular; who has a hand in it is said beside it, person by person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.accounts import grants, people
from config.accounts.models import User
from config.approvals import glass, requests
from inventory import ledger, units
from inventory.models import Lot, Movement
from procurement import orders
from procurement.models import OrderLine
from reserve import flags, rotation
from tests.procurement.market import Market, add_suppliers
from tests.reserve.levels import flagged, propose
from tests.world import PASSWORD, World

Hands = Mapping[str, set[str]]
NOBODY: Hands = {}
ROLES = ("ana", "pia", "dee", "aud", "adm")
FOREIGN = ("cem",)  # whose site is another than the things'


@dataclass(frozen=True)
class Way:
    """A way to an act: a page and the mark of its button there, or a route of the API with a body that it takes."""

    act: str
    path: str
    mark: str = ""
    method: str = "post"
    body: Mapping[str, Any] = field(default_factory=dict)
    at_site: bool = False
    hands: Hands = field(default_factory=dict)

    @property
    def who(self) -> list[str]:
        return list(dict.fromkeys([*ROLES, *self.hands, *(FOREIGN if self.at_site else ()), *OTHERS.get(self.act, ())]))


# Whom the walk asks beside those: people of the same role who have no hand in the thing.
OTHERS = {
    "lots.accept": ("ben",),
    "orders.approve": ("eve",),
    "glass.review": ("eve",),
    "people.grant": ("ada",),
    "people.approve": ("ada",),
    "requests.withdraw": ("ben",),
    **{f"{act}.approve": ("eve",) for act in ("adjust", "reverse", "issue", "targets", "policies", "flags")},
}


def _grant(world: World, about: str) -> int:
    row = people.one(about)
    roles = sorted({*row.roles, "auditor"})
    given: dict[str, Any] = {"person": about, "roles": roles, "sites": row.site_codes, "seen": row.seen}
    return int(grants.change(by=world.by("adm"), reason="New post", **given)["request"])


@dataclass
class Things:
    """What there is, by number."""

    world: World
    asked: dict[str, tuple[int, Hands]]
    orders: dict[str, str]
    line: int
    flag: int
    mine: int
    movement: int
    glass: int


def build(world: World) -> Things:
    """Lots in each state, orders in each, a critical flag, and a request of each kind, each asked by somebody with the right."""
    world.people["max"] = User.objects.create_user("max", PASSWORD, name="Max", roles=["procurement", "manager"])
    add_suppliers(world)
    world.receive("10", lot_number="J-LOT")
    world.stock("1000", lot_number="A-LOT")
    world.stock("10", lot_number="ICE")
    Lot.objects.filter(number="ICE").update(frozen_at=world.now)
    ledger.transfer(
        by=world.by("ana"), lot="A-LOT", origin="ANT-S1", destination="ANT-S2", net=units.enter("5"), reason="Space"
    )
    movement = Movement.objects.filter(kind="transfer").latest("pk").pk
    market = Market(world)
    placed = market.placed()
    return Things(
        world=world,
        asked=_asked(world, flag := flagged(world, "100000"), movement),
        orders={
            "draft": market.draft(),
            "pia's": market.submitted(),
            "max's": market.submitted(who="max"),
            "edited": _edited_by_max(market),
        },
        line=OrderLine.objects.get(order__number=placed).pk,
        flag=flag,
        mine=_adjust(world, "ana"),
        movement=movement,
        glass=_broken(world),
    )


def _issue(world: World, who: str) -> int:
    net = units.enter("1")
    asked = ledger.ask_issue(by=world.by(who), lot="A-LOT", origin="ANT-S1", net=net, reason="Release order")
    return int(asked["request"])


def _broken(world: World) -> int:
    """What Dee asked for and did herself, in an emergency."""
    return int(glass.carry_out(by=world.by("dee"), request_id=_issue(world, "dee"), reason=FLOOD)["glass"])


def _adjust(world: World, who: str) -> int:
    given: dict[str, Any] = {"lot": "A-LOT", "location": "ANT-S1", "net": units.enter("1"), "gain": False}
    return int(ledger.ask_adjust(by=world.by(who), reason="Spilt", **given)["request"])


def _edited_by_max(market: Market) -> str:
    number = market.draft()
    orders.edit(by=market.world.by("max"), number=number, version=1, supplier="LYNAS", lines=[market.line("90")])
    orders.submit(by=market.world.by("pia"), number=number)
    return number


def _asked(world: World, flag: int, movement: int) -> dict[str, tuple[int, Hands]]:
    """A request of each kind with who has a hand in it. Of the issue, Dee has agreed already."""
    reverse = ledger.ask_reverse(by=world.by("dee"), movement_id=movement, reason="Wrong lot")
    issue = _issue(world, "pia")
    requests.approve(by=world.by("dee"), request_id=issue)
    policy = rotation.propose_policy(
        by=world.by("dee"),
        material="ndpr-oxide",
        driver="retest",
        method="retest",
        ahead_months=9,
        source="DoDM 4140.27",
    )
    until = world.now.date().replace(month=12)
    waiver = flags.waive(by=world.by("dee"), flag_id=flag, until=until, note="On its way")
    target = propose(world, required="100", material="ndfeb-block", basis="net")
    by_dee: Hands = {"dee": {"asked"}}
    return {
        "adjust": (_adjust(world, "dee"), by_dee),
        "reverse": (int(reverse["request"]), by_dee),
        "issue": (issue, {"pia": {"asked"}, "dee": {"decided"}}),
        "targets": (int(target["request"]), by_dee),
        "policies": (int(policy["request"]), by_dee),
        "flags": (int(waiver["request"]), by_dee),
        "people": (_grant(world, "ben"), {"adm": {"asked"}, "ben": {"about"}}),
        "people, about ada": (_grant(world, "ada"), {"adm": {"asked"}, "ada": {"about"}}),
    }


def buttons(things: Things) -> list[Way]:
    """Where each act is offered on a page."""
    menu = {
        "catalogue.see": "/materials/",
        "sites.see": "/sites/",
        "lots.see": "/lots/",
        "positions.see": "/elements/",
        "rotations.see": "/rotation/",
        "targets.see": "/targets/",
        "suppliers.see": "/suppliers/",
        "orders.see": "/orders/",
        "deliveries.see": "/deliveries/",
        "flags.see": "/flags/",
        "people.see": "/people/",
        "commands.see": "/audit/",
        "jobs.see": "/jobs/",
        "requests.see": "/requests/",
        "lots.receive": "/receive/",
        "sites.write": "/kept/sites/",
        "exports.make": "/exports/",
    }
    on_a_lot = {
        "accept": "condition",
        **{name: name for name in ("transfer", "sample", "split", "count", "retest", "assay")},
    }
    draft, flag = things.orders["draft"], f"/flags/{things.flag}/"
    found = [Way(act, "/", f'href="{path}"') for act, path in menu.items()]
    received: Hands = {"ana": {"received"}}
    for name, page in on_a_lot.items():
        hands = received if name == "accept" else NOBODY
        found.append(Way(f"lots.{name}", "/lots/A-LOT/", f"/A-LOT/{page}/", at_site=True, hands=hands))
    found += [
        Way("lots.accept", "/lots/J-LOT/", "/J-LOT/condition/", at_site=True, hands=received),
        Way("adjust.ask", "/lots/A-LOT/", "/A-LOT/adjust/", at_site=True),
        Way("issue.ask", "/lots/A-LOT/", "/A-LOT/issue/", at_site=True),
        Way("reverse.ask", "/lots/A-LOT/", "/A-LOT/reverse/", at_site=True),
        Way("lots.thaw", "/lots/ICE/", "/ICE/thaw/", at_site=True),
        Way("lots.receive", "/lots/", "/receive/"),
        Way("catalogue.write", "/materials/", "/materials/new/"),
        Way("sites.write", "/kept/sites/", "/kept/sites/new/"),
        Way("suppliers.write", "/suppliers/", "/suppliers/new/"),
        Way("orders.write", "/orders/", "/orders/new/"),
        Way("orders.write", f"/orders/{draft}/", f"/orders/{draft}/submit/"),
        Way("deliveries.receive", "/deliveries/", f"/deliveries/{things.line}/receive/", at_site=True),
        Way("targets.write", "/targets/", "/targets/new/"),
        Way("policies.see", "/rotation/", "/rotation/policies/"),
        Way("policies.write", "/rotation/policies/", 'id="propose"'),
        *(Way(f"flags.{name}", flag, f"{flag}{name}/") for name in ("acknowledge", "assign", "waive")),
        Way("people.write", "/people/", "/people/new/"),
        Way("people.write", "/people/ben/", "/people/ben/access/"),
        Way("people.password", "/people/ben/", "/people/ben/password/"),
        Way("people.password", "/people/adm/", "/people/adm/password/", hands={"adm": {"about"}}),
        Way("rights.see", "/rights/", "What each role may do"),
        Way("jobs.run", "/jobs/", "/jobs.prune/run/"),
        Way("exports.see", "/exports/", "Who took which list"),
        Way("tables.see", "/admin/", "admin"),
        Way("delegations.see", "/delegations/", "Delegations"),
        Way("delegations.lend", "/delegations/", "/delegations/new/"),
        Way("glass.see", "/break-glass/", "Break-glass"),
        Way("glass.review", f"/break-glass/{things.glass}/", 'value="justified"', hands=BROKE),
        Way("issue.break_glass", f"/requests/{things.asked['issue'][0]}/", "/break-glass/", at_site=True),
        Way("requests.reserve", f"/requests/{things.mine}/", "Spilt", at_site=True),
        Way(
            "requests.withdraw", f"/requests/{things.mine}/", 'value="withdraw"', at_site=True, hands={"ana": {"asked"}}
        ),
    ]
    for name, (number, hands) in things.asked.items():
        act, sited = f"{name.partition(',')[0]}.approve", name in ("adjust", "reverse", "issue")
        found.append(Way(act, f"/requests/{number}/", 'value="approve"', at_site=sited, hands=hands))
    for name, hands in WRITERS.items():
        at = f"/orders/{things.orders[name]}/"
        found.append(Way("orders.approve", at, f"{at}approve/", hands=hands))
        found.append(Way("orders.send_back", at, f"{at}send_back/", hands=hands))
    return found


def routes(things: Things) -> list[Way]:
    """Where each act is done over the API, with a body that its door takes."""
    adm = people.one("adm")
    request = {name: f"requests/{number}/approve/" for name, (number, _) in things.asked.items()}
    lists = {
        "catalogue.see": "materials/",
        "sites.see": "sites/",
        "positions.see": "positions/",
        "rotations.see": "rotations/",
        "targets.see": "targets/",
        "suppliers.see": "suppliers/",
        "orders.see": "orders/",
        "deliveries.see": "deliveries/",
        "policies.see": "rotation-policies/",
        "flags.see": "flags/",
        "people.see": "people/",
        "jobs.see": "jobs/",
        "requests.see": "requests/",
        "delegations.see": "delegations/",
        "glass.see": "break-glass/",
        "sites.write": "kept/sites/",
        "exports.make": "exports/",
    }
    net, why = {"net_kg": "1"}, {"reason": "Because"}
    move = {"lot": "A-LOT", "origin": "ANT-S1", **net, **why}
    found = [Way(act, path, method="get") for act, path in lists.items()]
    found += [
        Way("lots.see", "lots/A-LOT/", method="get", at_site=True),
        Way("requests.reserve", f"requests/{things.mine}/", method="get", at_site=True),
        Way("catalogue.write", "kept/materials/", body=METAL),
        Way("sites.write", "kept/sites/", body=GHENT),
        Way("lots.receive", "receipts/", body={"material": "nd-oxide", "location": "ANT-S1", **net}, at_site=True),
        Way("lots.transfer", "movements/", body={**move, "kind": "transfer", "destination": "ANT-S2"}, at_site=True),
        Way("lots.sample", "movements/", body={**move, "kind": "sample"}, at_site=True),
        Way("lots.split", "lots/A-LOT/split/", body={"location": "ANT-S1", "parts": [net]}, at_site=True),
        Way("lots.count", "counts/", body={**COUNTED, **net}, at_site=True),
        Way("lots.retest", "lots/A-LOT/retest/", body={"performed_on": "2026-11-02", "passed": True}, at_site=True),
        Way("lots.assay", "lots/A-LOT/assay/", body={"lab": "Lab A", "fractions": {"Nd": "0.85"}}, at_site=True),
        Way("lots.thaw", "lots/ICE/thaw/", body=why, at_site=True),
        Way("adjust.ask", "requests/", body={**ON_A_LOT, "kind": "adjust", "gain": False, **net}, at_site=True),
        Way("reverse.ask", "requests/", body={"kind": "reverse", "movement": things.movement, **why}, at_site=True),
        Way("issue.ask", "requests/", body={"kind": "issue", **move}, at_site=True),
        Way("suppliers.write", "suppliers/", body={"code": "MP", "name": "MP Materials", "country": "US"}),
        Way("orders.write", f"orders/{things.orders['draft']}/submit/"),
        Way("deliveries.receive", f"deliveries/{things.line}/receive/", body=DELIVERY, at_site=True),
        Way("targets.write", "targets/", body=TARGET),
        Way("policies.write", "rotation-policies/", body=POLICY),
        Way("flags.acknowledge", f"flags/{things.flag}/acknowledge/", body={"note": "Mine"}),
        Way("flags.assign", f"flags/{things.flag}/assign/", body={"owner": "eve"}),
        Way("flags.waive", f"flags/{things.flag}/waive/", body={"until": "2026-12-31", "note": "On its way"}),
        Way("people.write", "people/cem/disable/", body=why),
        Way("delegations.lend", "delegations/", body=LOAN),
        Way("glass.review", f"break-glass/{things.glass}/review/", body=VERDICT, hands=BROKE),
        Way(
            "issue.break_glass",
            f"requests/{things.asked['issue'][0]}/break-glass/",
            body={"reason": FLOOD},
            at_site=True,
        ),
        Way("requests.withdraw", f"requests/{things.mine}/withdraw/", at_site=True, hands={"ana": {"asked"}}),
    ]
    grant = {"roles": ["administrator", "auditor"], "sites": [], "seen": adm.seen, **why}
    found.append(Way("people.grant", "people/adm/access/", body=grant, hands={"adm": {"about"}}))
    for lot, condition in (("J-LOT", "A"), ("A-LOT", "J")):
        received: Hands = {"ana": {"received"}}
        body = {"condition": condition, **why}
        found.append(Way("lots.accept", f"lots/{lot}/condition/", body=body, at_site=True, hands=received))
    for name, (_, hands) in things.asked.items():
        act, sited = f"{name.partition(',')[0]}.approve", name in ("adjust", "reverse", "issue")
        found.append(Way(act, request[name], at_site=sited, hands=hands))
    for name, hands in WRITERS.items():
        found.append(Way("orders.approve", f"orders/{things.orders[name]}/approve/", hands=hands))
        found.append(Way("orders.send_back", f"orders/{things.orders[name]}/send_back/", body=why, hands=hands))
    return found


WRITERS: dict[str, Hands] = {
    "pia's": {"pia": {"wrote"}},
    "max's": {"max": {"wrote", "edited"}},
    "edited": {"pia": {"wrote"}, "max": {"edited"}},
}
BROKE: Hands = {"dee": {"broke_glass", "asked"}}
FLOOD = "The store floods tonight; the drums must be out before the water is in."
VERDICT = {"justified": True, "remarks": "Seen"}
ON_A_LOT = {"lot": "A-LOT", "location": "ANT-S1", "reason": "Because"}
DELIVERY = {"material": "nd-oxide", "location": "ANT-S1", "net_kg": "10"}
METAL = {
    "code": "nd-metal",
    "name": "Neodymium metal",
    "form": "metal",
    "fractions": {"Nd": "0.995"},
    "source": "Specification 4",
    "dated_on": "2026-11-01",
}
GHENT = {"code": "GHE", "name": "Ghent", "country": "BE", "stores": [{"suffix": "S1", "name": "Hall 1"}]}
TARGET = {
    "element": "Nd",
    "form": "block",
    "basis": "contained",
    "required_kg": "100",
    "effective_from": "2026-11-02",
    "source": "Annual plan 2026",
}
COUNTED = {"lot": "A-LOT", "location": "ANT-S1", "seals": "none"}
POLICY = {"material": "nd-oxide", "driver": "retest", "method": "inspect", "ahead_months": 6, "source": "DoDM 4140.27"}
LOAN = {
    "borrower": "pia",
    "acts": ["orders.approve"],
    "from_on": "2026-11-02",
    "until_on": "2026-11-09",
    "reason": "Leave",
}
