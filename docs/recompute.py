"""Recompute a reserve from an export of its ledger, by that file alone. What the file holds: docs/ledger-export.md.

    python3 -I docs/recompute.py FILE [ANCHORS]

ANCHORS: anchors that left the machine earlier (`verify_ledger --anchor-out`). Exits with 0 when all agrees, 1 when anything
differs, 2 when a file cannot be read. Needs nothing but Python's own library (3.11 or newer); memory grows with the lots.
"""

import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from fractions import Fraction  # exact; round() of one goes to the even neighbour at the half
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

MOST = 20  # differences that are printed of each kind
HOLDING = ("store", "quarantine", "transit", "processor", "borrower")  # elsewhere is the world outside
# What the database claims: kind of line -> what names the row, what is compared. No row is as good as a row of noughts.
CLAIMS = {
    "lot": (("lot",), ("number", "last_seq", "condition", "verdict", "retest_due_on", "expires_on")),
    "balance": (("lot", "location"), ("net_mg", "allocated_mg")),
    "position": (("material", "site", "place", "condition", "verdict"), ("net_mg", "free_mg", "lots")),
    "contained": (("material", "element", "site", "place", "condition", "verdict"), ("contained_mg", "free_mg")),
    "eligible": (("material", "element", "site"), ("eligible_mg", "compliant_mg")),
    "target": (("target",), ("eligible_mg",)),
    "end": ((), ()),
}
ANCHOR, NOUGHTS = ("seq", "made_at", "body", "hash"), (0,) * 6


class Lot:
    def __init__(self) -> None:
        self.number, self.material, self.expires, self.due = "", 0, None, (0, None)
        self.judged = self.assay = (datetime.min.replace(tzinfo=UTC), 0)  # the latest: moment, row, what it says
        self.held = defaultdict(lambda: [0, 0])  # location -> net and allocated mg


class Ledger:
    def __init__(self) -> None:
        self.as_of, self.seen, self.differ = "", Counter(), defaultdict(list)
        self.ends = {}  # of each chain, a lot's by its id: number and hash of the last fact
        self.anchors, self.lots, self.names, self.own = {}, defaultdict(Lot), {}, {}
        self.kept = defaultdict(dict)  # table -> id -> the row, as the registry last had it
        self.covered = defaultdict(lambda: SimpleNamespace(anchors=[], rows=0, bucket=0, part=b"", whole=b""))

    def differs(self, kind: str, sentence: str) -> None:
        self.differ[kind].append(sentence if len(self.differ[kind]) < MOST else "")

    def read(self, path: str) -> None:
        whole, number, row = sha256(), 0, {"kind": ""}
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                    self.take(row["kind"], row)
                except (ValueError, TypeError, LookupError, AttributeError) as error:
                    how = "is no line of an export" if line.endswith(b"\n") else "is cut off"
                    raise EOFError(f"line {number} {how}: {error!r}") from None
                whole.update(line if row["kind"] != "end" else b"")
        if row["kind"] != "end":
            raise EOFError(f"the file is cut off after line {number}: its end is missing")
        if (row["lines"], row["sha256"]) != (number - 1, whole.hexdigest()):
            self.differs("end", "the lines are not those that were written")
        for kind, key, own in [(kind, *one) for kind, rows in self.own.items() for one in rows.items()]:
            self.compare(kind, key, NOUGHTS, own)

    def take(self, kind: str, row: dict) -> None:
        self.seen[kind] += 1
        if kind == "head" and row["version"] == 1:
            self.as_of = row["as_of"]
        elif kind in ("anchor", "registry", "fact"):
            getattr(self, kind)(row)
        elif kind in CLAIMS and self.as_of:
            self.own = self.own or self.settled()
            key, said = (tuple(row[name] for name in names) for names in CLAIMS[kind])
            self.compare(kind, key, said, self.own[kind].pop(key, NOUGHTS))
        else:
            raise ValueError(f"{kind} of version {row.get('version', 1)} is not known here")

    def link(self, kind: str, chain: object, what: str, row: dict, *fields: object) -> None:
        """Numbers follow each other without a gap; each hash is that of the hash before and the fields, line by line."""
        seq, before = self.ends.get(chain, (0, ""))
        if row["seq"] != seq + 1:
            self.differs(kind, f"{what} comes after {seq}: what lies between is missing, or the order is another")
        if sha256("\n".join(map(str, (before, *fields))).encode()).hexdigest() != row["hash"]:
            self.differs(kind, f"{what} does not match its hash")
        self.ends[chain] = (row["seq"], row["hash"])

    def cover(self, kind: str, number: int, *fields: object) -> None:
        """Take a row, in the order of numbers; hold what each anchor covers of the kind against the rows so far."""
        so = self.covered[kind]
        while (over := so.anchors and number > so.anchors[0][1]["last"]) or number // 1024 != so.bucket:
            so.whole, so.part, so.bucket = so.whole + (so.part and sha256(so.part).digest()), b"", number // 1024
            if over:
                seq, said = so.anchors.pop(0)
                if (so.rows, sha256(so.whole).hexdigest()) != (said["rows"], said["digest"]):
                    self.differs("anchor", f"anchor {seq} covers {said['rows']} {kind}; {so.rows} are here, or others")
                so.rows, so.whole = 0, b""
        so.part, so.rows = so.part + sha256("\n".join(map(str, fields)).encode()).digest(), so.rows + 1

    def anchor(self, row: dict) -> None:
        seq, made_at, body, _ = self.anchors[row["seq"]] = tuple(row[name] for name in ANCHOR)
        self.link("anchor", "anchor", f"anchor {seq}", row, seq, made_at, body)
        for kind in ("facts", "registry"):
            self.covered[kind].anchors.append((seq, json.loads(body)[kind]))

    def registry(self, row: dict) -> None:
        seq, table, of, act = fields = [row[name] for name in ("seq", "subject", "subject_id", "act")]
        fields += [row["body"], "" if row["command_id"] is None else row["command_id"], row["recorded_at"]]
        self.link("registry", "registry", f"fact {seq} ({act} {table} {of})", row, *fields)
        self.cover("registry", seq, seq, row["hash"])
        if table.startswith(("inventory_", "reserve_target")):
            body = self.kept[table][of] = {} if act == "delete" else json.loads(row["body"])
            self.names[table.removeprefix("inventory_"), of] = body.get("code") or body.get("symbol") or of

    def fact(self, row: dict) -> None:
        of, seq, kind, number, body = fields = [row[name] for name in ("lot", "seq", "fact", "row", "body")]
        lot = self.lots[of]
        self.link("fact", of, f"lot {lot.number or of}: fact {seq} ({kind} {number})", row, *fields)
        self.cover("facts", row["id"], row["id"], of, seq, row["hash"])
        body = json.loads(body, parse_float=Fraction)
        at = (datetime.fromisoformat(body["occurred_at"]), number) if "occurred_at" in body else ()
        if kind == "lot":
            lot.number, lot.material, lot.expires = body["number"], body["material_id"], body["expires_on"]
            self.names["lot", of], lot.due = lot.number, (0, body["first_retest_due_on"])
        elif kind == "movement":
            for location, mg in ((body["origin_id"], -body["net_mg"]), (body["destination_id"], body["net_mg"])):
                if self.kept["inventory_location"][location]["kind"] in HOLDING:
                    lot.held[location][0] += mg
        elif kind == "allocation":
            lot.held[body["location_id"]][1] += body["delta_mg"]
        elif kind == "condition":
            lot.judged = max(lot.judged, (*at, body["condition"], body["verdict"]))
        elif kind == "assay":
            shares = ((name, (1 - body["moisture"]) * Fraction(part)) for name, part in body["fractions"].items())
            lot.assay = max(lot.assay, (*at, *shares))
        elif kind == "retest":
            lot.due = max(lot.due, (number, body["next_due_on"]))

    def settled(self) -> dict:
        """All facts have come by: what they come to, kind by kind, to hold the claims against."""
        for kind in ("facts", "registry"):
            self.cover(kind, 1 << 63)  # more than any number
        own = {kind: defaultdict(lambda: NOUGHTS) for kind in CLAIMS}
        ids = {body["symbol"]: number for number, body in self.kept["inventory_element"].items() if body}
        while self.lots:
            of, lot = self.lots.popitem()
            (condition, verdict), days, fed = lot.judged[2:] or ("J", "unknown"), (lot.due[1], lot.expires), set()
            own["lot"][of,] = (lot.number, self.ends[of][0], condition, verdict, *days)
            counts = condition in ("A", "B", "C") and all(day is None or day >= self.as_of for day in days)
            for location, (net, allocated) in lot.held.items():
                own["balance"][of, location], place = (net, allocated), self.kept["inventory_location"][location]
                where = (place["site_id"], place["kind"], condition, verdict)
                for symbol, share in [("", 1), *lot.assay[2:]] if net else ():
                    mass, free, element = round(net * share), round((net - allocated) * share), ids.get(symbol)
                    kind, what = ("contained", (lot.material, element)) if symbol else ("position", (lot.material,))
                    sums = [(kind, (*what, *where), (mass, free, where not in fed))]
                    due = ("eligible", (lot.material, element, where[0]), (free, free * (verdict == "compliant")))
                    sums += [due] * (counts and place["kind"] == "store")
                    for kind, key, amounts in sums:
                        own[kind][key] = [a + b for a, b in zip(own[kind][key], amounts, strict=False)]
                    fed.add(where)
        for number, goal in self.kept["reserve_target"].items():
            until_on = goal.get("effective_to") or self.as_of
            if goal.get("approved_at") and goal["effective_from"] <= self.as_of <= until_on:
                asked, site = (goal["material_id"], goal["element_id"], goal["form_id"]), goal["site_id"]
                for (material, element, at), amounts in own["eligible"].items():
                    form = self.kept["inventory_material"][material]["form_id"]
                    if site in (None, at) and asked == ((None, element, form) if element else (material, None, None)):
                        own["target"][number,] = [own["target"][number,][0] + amounts[goal["only_compliant"]]]
        return own

    def compare(self, kind: str, key: tuple, said: tuple, own: tuple) -> None:
        for value, claimed, due in zip(CLAIMS[kind][1], said, own, strict=False):
            if claimed != due:
                about = ", ".join(f"{n} {self.names.get((n, x), x)}" for n, x in zip(CLAIMS[kind][0], key, strict=True))
                self.differs(kind, f"{about}: {value} is claimed to be {claimed}, the facts come to {due}")


def main(file: str = "", *anchors: str) -> int:
    ledger = Ledger()
    try:
        ledger.read(file)
        for sent in [json.loads(line) for path in anchors for line in Path(path).read_text("utf-8").splitlines()]:
            if ledger.anchors.get(sent["seq"]) != tuple(sent[name] for name in ANCHOR):
                ledger.differs("anchor", f"anchor {sent['seq']} is not the one that left the machine")
    except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
        print(f"Cannot be read: {error}", file=sys.stderr)
        return 2
    for kind in ("anchor", "registry", "fact", *CLAIMS):
        found, lines = ledger.differ[kind], ledger.seen[kind]
        print(f"{kind}: {lines:,} lines, {f'{len(found)} differ' if found else 'agrees'}", *found[:MOST], sep="\n  ")
    print(f"{ledger.covered['facts'].rows - 1:,} facts are newer than the last anchor")
    return 1 if any(ledger.differ.values()) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
