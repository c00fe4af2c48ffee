"""Domain section 6 written once more, by hand, as tests expect it. Nothing here reads the table of the product.

Reach of warehouse, procurement, manager, auditor, administrator (o: own sites, a: all, -: not); who is kept from the act by a
hand in the thing, or with "only" the one who may; how many do it; how many others then agree (s: only when severe).
"""

from collections.abc import Iterable
from dataclasses import dataclass

SAYS = """
catalogue.see        a a a a a   -                      1 0
sites.see            o a a a -   -                      1 0
lots.see             o a a a -   -                      1 0
positions.see        o a a a -   -                      1 0
rotations.see        o a a a -   -                      1 0
targets.see          - a a a -   -                      1 0

lots.receive         o - - - -   -                      1 0
lots.transfer        o - - - -   -                      1 0
lots.sample          o - - - -   -                      1 0
lots.split           o - - - -   -                      1 0
lots.count           o - - - -   -                      1 0
lots.retest          o - - - -   -                      1 0
lots.assay           o - - - -   -                      1 0

lots.accept          o - a - -   received               1 0
lots.thaw            - - - a -   -                      1 0

adjust.ask           o - a - -   -                      1 1
adjust.approve       - - a - -   asked,decided,stood_for  1 0
reverse.ask          o - a - -   -                      1 1
reverse.approve      - - a - -   asked,decided,stood_for  1 0
issue.ask            o a a - -   -                      1 2
issue.approve        - - a - -   asked,decided,stood_for  2 0
issue.break_glass    o - a - -   -                      1 0
glass.see            o a a a a   -                      1 0
glass.review         - - a a -   broke_glass,asked,decided,stood_for  1 0

suppliers.see        - a a a -   -                      1 0
suppliers.write      - a - - -   -                      1 0
orders.see           - a a a -   -                      1 0
orders.write         - a - - -   -                      1 1
orders.approve       - - a - -   wrote,edited           1 0
orders.send_back     - - a - -   -                      1 0
deliveries.see       o a a a -   -                      1 0
deliveries.receive   o - - - -   -                      1 0

targets.write        - a a - -   -                      1 1
targets.approve      - - a - -   asked,decided,stood_for  1 0
policies.see         - a a a -   -                      1 0
policies.write       - a a - -   -                      1 1
policies.approve     - - a - -   asked,decided,stood_for  1 0

flags.see            - a a a -   -                      1 0
flags.acknowledge    - a a - -   -                      1 0
flags.assign         - - a - -   -                      1 0
flags.waive          - - a - -   -                      1 s1
flags.approve        - - a - -   asked,decided,stood_for  1 0

people.see           - - - a a   -                      1 0
people.write         - - - - a   -                      1 0
people.grant         - - - - a   about                  1 1
people.password      - - - - a   about                  1 1
people.approve       - - - - a   asked,about,decided,stood_for  1 0
rights.see           - - - a a   -                      1 0
sites.write          - - - - a   -                      1 0
catalogue.write      - - - - a   -                      1 0

commands.see         - - a a -   -                      1 0
jobs.see             - - a a a   -                      1 0
jobs.run             - - - - a   -                      1 0
exports.make         o a a a a   -                      1 0
exports.see          - - a a -   -                      1 0
tables.see           - - - - a   -                      1 0

requests.see         o a a a a   -                      1 0
requests.reserve     o a a a -   -                      1 0
requests.withdraw    o a a a a   only:asked             1 0
delegations.see      o o a a a   -                      1 0
delegations.lend     - - a - -   -                      1 0
"""
ROLES = ("warehouse", "procurement", "manager", "auditor", "administrator")


@dataclass(frozen=True)
class Says:
    """One line: reach by role, and the rest in words."""

    act: str
    reach: dict[str, str]
    kept: frozenset[str]
    only: frozenset[str]
    people: int
    others: int
    others_if_severe: int

    def to(self, *, roles: Iterable[str], at_own_site: bool = True, hands: Iterable[str] = ()) -> bool:
        """Whether somebody of these roles may do it to a thing at their own or a foreign site, with these hands in it."""
        reaches = {self.reach[role] for role in roles}
        far_enough = "a" in reaches or ("o" in reaches and at_own_site)
        return far_enough and not self.kept & set(hands) and self.only <= set(hands)


def _line(text: str) -> Says:
    act, *cells, hands, people, others = text.split()
    only = hands.startswith("only:")
    named = frozenset(hands.removeprefix("only:").split(",")) - {"-"}
    return Says(
        act,
        dict(zip(ROLES, cells, strict=True)),
        frozenset() if only else named,
        named if only else frozenset(),
        int(people),
        0 if others.startswith("s") else int(others),
        int(others.removeprefix("s")),
    )


EXPECTED = {line.split()[0]: _line(line) for line in SAYS.strip().splitlines() if line}
