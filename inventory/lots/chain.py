"""Does the chain of one lot hold? Recomputed here with hashlib, apart from the trigger that made it."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from config.audit.chain import link
from inventory.models import Lot, LotFact
from inventory.verification.chains import TABLES


@dataclass(frozen=True)
class ChainStatus:
    """Whether every fact of the lot is there, unchanged and in its place; `differences` says what is not."""

    facts: int
    differences: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        return not self.differences


def chain_status(lot_id: int) -> ChainStatus:
    """Recompute the hashes of one lot and compare its rows with what its facts say; three queries."""
    facts = list(LotFact.objects.filter(lot_id=lot_id).order_by("seq"))
    found = _links(lot_id, facts)
    last_seq = Lot.objects.values_list("last_seq", flat=True).get(pk=lot_id)
    if last_seq != (facts[-1].seq if facts else 0):
        found.append(
            _("The lot counts {count} facts, its chain ends with fact {last}.").format(
                count=last_seq, last=facts[-1].seq if facts else 0
            )
        )
    words = _("Fact {seq} ({kind}) no longer says what its row says.")
    found += [words.format(seq=seq, kind=kind) for seq, kind in _rows_that_differ(lot_id)]
    return ChainStatus(len(facts), tuple(found))


def _links(lot_id: int, facts: list[LotFact]) -> list[str]:
    found = []
    previous, expected = b"", 1
    for fact in facts:
        if fact.seq != expected:
            found.append(_("Fact {seq} is missing.").format(seq=expected))
        if link(previous, lot_id, fact.seq, fact.kind, fact.row_id, fact.body) != bytes(fact.hash):
            found.append(_("Fact {seq} ({kind}) does not match its hash.").format(seq=fact.seq, kind=fact.kind))
        previous, expected = bytes(fact.hash), fact.seq + 1
    return found


def _rows_that_differ(lot_id: int) -> list[tuple[int, str]]:
    """Facts whose row was edited or deleted, and rows that no fact stands for."""
    # The names come from that table, never from outside. A lot's fact holds only the columns that never change.
    checks = [
        f"""SELECT coalesce(f.seq, 0), '{kind}'
            FROM (SELECT * FROM inventory_lotfact WHERE lot_id = %(lot)s AND kind = '{kind}') f
            FULL JOIN (SELECT * FROM {table} WHERE {lot} = %(lot)s) r ON r.id = f.row_id
            WHERE f.id IS NULL OR r.id IS NULL
               OR NOT coalesce(to_jsonb(r) @> (inventory_json(f.body) - 'first_retest_due_on'), false)"""
        for kind, (table, lot) in TABLES.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(checks) + " ORDER BY 1", {"lot": lot_id})
        return [(int(seq), str(kind)) for seq, kind in cursor.fetchall()]
