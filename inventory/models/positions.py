"""The rollup that every total is read from, the entries it is the sum of, the lots' chains, and the anchors."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex, OpClass
from django.db import models
from django.db.models import Q

from config.audit.models import append_only
from inventory.models.catalogue import Element, Material, Place, Site
from inventory.models.lots import Condition, Lot, Verdict


class PositionKey(models.Model):
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=10, choices=Place)
    condition = models.CharField(max_length=1, choices=Condition)
    verdict = models.CharField(max_length=9, choices=Verdict)

    class Meta:
        abstract = True


class Position(PositionKey):
    """Net mass held, by key. `lots` is not additive over sites."""

    net_mg = models.BigIntegerField()
    free_mg = models.BigIntegerField()
    lots = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="position_key", fields=["material", "site", "place", "condition", "verdict"]),
            models.CheckConstraint(
                name="position_not_negative", condition=Q(free_mg__gte=0, net_mg__gte=models.F("free_mg"), lots__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material_id} at {self.site_id}: {self.net_mg} mg"


class ContainedPosition(PositionKey):
    """Contained mass of one element, by key: each lot and location rounded half-even once, then added."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+")
    contained_mg = models.BigIntegerField()
    free_mg = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="contained_position_key", fields=["element", "material", "site", "place", "condition", "verdict"]
            ),
            models.CheckConstraint(
                name="contained_position_not_negative",
                condition=Q(free_mg__gte=0, contained_mg__gte=models.F("free_mg")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.material_id} at {self.site_id}: {self.contained_mg} mg"


class PositionEntry(PositionKey):
    """A change of a position by one lot: net mass where `element` is null, else contained mass. Appended only."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+", null=True)
    mass_mg = models.BigIntegerField()
    free_mg = models.BigIntegerField()
    lots = models.SmallIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    command_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(name="position_entry_by_key", fields=["material", "element", "occurred_at"]),
            BrinIndex(name="position_entry_by_record", fields=["recorded_at"]),
            # Of several ranges each: one entry dated back must not make its whole block a candidate for all the time between.
            BrinIndex(OpClass("occurred_at", "timestamptz_minmax_multi_ops"), name="position_entry_by_moment"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"lot {self.lot_id}: {self.mass_mg:+} mg"


class PositionMonth(PositionKey):
    """The entries up to `covered_entry`, summed by key and the month in which they happened. Made anew by a job each night.

    A shortcut for reading months, never the truth: what is newer is added from the entries, and verification recomputes it.
    """

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+", null=True)
    month = models.DateField()
    mass_mg = models.BigIntegerField()
    free_mg = models.BigIntegerField()
    lots = models.BigIntegerField(default=0)
    covered_entry = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="position_month_key",
                fields=["material", "element", "month", "site", "place", "condition", "verdict"],
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="position_month_covered", fields=["covered_entry"])]

    def __str__(self) -> str:
        return f"{self.material_id} in {self.month:%Y-%m}: {self.mass_mg:+} mg"


class LotFact(models.Model):
    """One link of a lot's chain. Written by triggers only: `seq` and `hash` come from a BEFORE INSERT trigger."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="facts")
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    row_id = models.BigIntegerField()
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lot_fact_numbered", fields=["lot", "seq"]),
            models.UniqueConstraint(name="lot_fact_once_per_row", fields=["kind", "row_id"]),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="linked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "record")],
                func=r"""
                    SELECT seq, hash INTO last FROM inventory_lotfact WHERE lot_id = NEW.lot_id ORDER BY seq DESC LIMIT 1;
                    NEW.seq := coalesce(last.seq, 0) + 1;
                    NEW.hash := sha256(convert_to(concat_ws(E'\n', coalesce(encode(last.hash, 'hex'), ''),
                        NEW.lot_id, NEW.seq, NEW.kind, NEW.row_id, NEW.body), 'UTF8'));
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot_id} fact {self.seq}: {self.kind}"


class Anchor(models.Model):
    """Digests of everything recorded since the last anchor, chained to it. Can be sent off the machine.

    `body` is JSON: for each kind of record the last number covered, how many rows, and their digest
    (inventory.verification.anchors).
    """

    seq = models.BigIntegerField(unique=True)
    made_at = models.DateTimeField()
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="linked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "record")],
                func=r"""
                    SELECT seq, hash INTO last FROM inventory_anchor ORDER BY seq DESC LIMIT 1;
                    NEW.seq := coalesce(last.seq, 0) + 1;
                    NEW.hash := sha256(convert_to(concat_ws(E'\n', coalesce(encode(last.hash, 'hex'), ''), NEW.seq,
                        to_char(NEW.made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), NEW.body), 'UTF8'));
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"anchor {self.seq} of {self.made_at:%Y-%m-%d}"
