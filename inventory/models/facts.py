"""The facts of lots: movements, conditions, assays, retests, allocations, counts. Appended only; each is chained by its trigger."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.models import append_only
from inventory.models.catalogue import Location
from inventory.models.lots import AtPlaceQuerySet, Condition, Lot, Verdict, chained, own_places


def asked_for(movement: str) -> str:
    """SQL: whether request `r` asked for the movement: its kind, its lot, and its mass and place or what it reverses."""
    return f"""r.kind = 'inventory.' || {movement}.kind
              AND r.subject = (SELECT number FROM inventory_lot WHERE id = {movement}.lot_id)
              AND CASE {movement}.kind WHEN 'reverse' THEN r.body ->> 'movement' = {movement}.reverses_id::text
                  ELSE r.body -> 'net' ->> 2 = {movement}.net_mg::text
                       AND coalesce(r.body ->> 'location', r.body ->> 'origin') = (
                           SELECT code FROM inventory_location WHERE id = CASE r.body ->> 'gain'
                               WHEN 'true' THEN {movement}.destination_id ELSE {movement}.origin_id END)
                  END"""


two_people_agreed = pgtrigger.Trigger(
    name="two_people_agreed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__kind__in=["adjust", "reverse", "issue"]),
    func=f"""
        IF EXISTS (
            SELECT 1 FROM inventory_movement o WHERE o.lot_id = NEW.lot_id AND o.kind = NEW.kind
              AND o.command_id = NEW.command_id AND o.id <> NEW.id) OR NOT EXISTS (
            SELECT 1 FROM approvals_decision d JOIN approvals_request r ON r.id = d.request_id
            WHERE d.command_id = NEW.command_id AND d.agreed AND {asked_for("NEW")}
              AND greatest(r.needed, CASE NEW.kind WHEN 'issue' THEN 2 ELSE 1 END)
                  <= (SELECT count(*) FROM approvals_decision o WHERE o.request_id = r.id AND o.agreed))
        AND NOT (NEW.kind = 'issue' AND EXISTS (
            SELECT 1 FROM approvals_breakglass b JOIN approvals_request r ON r.id = b.request_id
            WHERE b.command_id = NEW.command_id AND {asked_for("NEW")})) THEN
            RAISE EXCEPTION 'two_people_agreed: % of lot % in command %, which approves no such thing',
                NEW.kind, NEW.lot_id, NEW.command_id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)
reversal_mirrors_the_reversed = pgtrigger.Trigger(
    name="reversal_mirrors_the_reversed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__kind="reverse"),
    func="""
        IF NOT EXISTS (
            SELECT 1 FROM inventory_movement o
            WHERE o.id = NEW.reverses_id AND o.kind <> 'reverse' AND o.lot_id = NEW.lot_id AND o.net_mg = NEW.net_mg
              AND o.origin_id = NEW.destination_id AND o.destination_id = NEW.origin_id
              AND o.occurred_at = NEW.occurred_at) THEN
            RAISE EXCEPTION 'reversal_mirrors_the_reversed: movement %', NEW.reverses_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """,
)


class MovementQuerySet(models.QuerySet["Movement"]):
    def visible_to(self, user: User) -> Self:
        """Movements from or to the person's sites, or all."""
        match reach(user, "lots.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(own_places(user, "origin") | own_places(user, "destination"))
        return self.none()


class Movement(models.Model):
    """One positive mass from an origin to a destination. Appended only; a mistake is reversed by a new row."""

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("Receipt")
        TRANSFER = "transfer", _("Transfer")
        SAMPLE = "sample", _("Sample")
        ADJUST = "adjust", _("Adjustment")
        ISSUE = "issue", _("Issue")
        SPLIT = "split", _("Split")
        REVERSE = "reverse", _("Reversal")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind)
    origin = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    net_mg = models.BigIntegerField()
    entered_quantity = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    entered_unit = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    objects = MovementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="movement_mass_positive", condition=Q(net_mg__gt=0)),
            models.CheckConstraint(name="movement_goes_somewhere", condition=~Q(origin=F("destination"))),
            models.CheckConstraint(
                name="movement_kind_is_known",
                condition=Q(kind__in=["receive", "transfer", "sample", "adjust", "issue", "split", "reverse"]),
            ),
            models.CheckConstraint(
                name="movement_reversal_names_the_reversed",
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
            ),
            # An upper bound too: NaN is more than any number to PostgreSQL. And said to be there: NULL > 0 refuses nothing.
            models.CheckConstraint(
                name="movement_entered_mass_is_a_mass",
                condition=Q(entered_quantity__isnull=True, entered_unit="")
                | Q(entered_quantity__isnull=False, entered_quantity__gt=0, entered_quantity__lt=10**18)
                & ~Q(entered_unit=""),
            ),
        ]
        indexes = [models.Index(name="movement_by_moment", fields=["-occurred_at", "-id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            two_people_agreed,
            reversal_mirrors_the_reversed,
            chained("movement"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.net_mg} mg of lot {self.lot_id}"


class ConditionChange(models.Model):
    """The condition and sourcing verdict of a lot from a moment on, and why. Appended only; never by the receiver to A-C."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="condition_changes")
    condition = models.CharField(max_length=1, choices=Condition)
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="condition_is_known", condition=Q(condition__in=Condition.values)),
            models.CheckConstraint(name="verdict_is_known", condition=Q(verdict__in=Verdict.values)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="acceptor_is_not_receiver",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.condition IN ('A', 'B', 'C')
                       AND NEW.actor_id = (SELECT received_by_id FROM inventory_lot WHERE id = NEW.lot_id)
                       AND (EXISTS (SELECT 1 FROM inventory_conditionchange WHERE lot_id = NEW.lot_id)
                            OR NOT EXISTS (SELECT 1 FROM inventory_lotparent p JOIN inventory_lot l ON l.id = p.parent_id
                                           WHERE p.lot_id = NEW.lot_id AND l.condition = NEW.condition)) THEN
                        RAISE EXCEPTION 'acceptor_is_not_receiver: lot %', NEW.lot_id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            chained("condition"),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot_id}: {self.condition}"


class Assay(models.Model):
    """What a lot contains: element mass fractions on dry mass, and moisture. The latest by moment is in force.

    `fractions` maps symbol -> decimal string in (0, 1]; source `catalogue` means the material's frozen fractions.
    """

    class Source(models.TextChoices):
        CATALOGUE = "catalogue", _("Catalogue")
        LABORATORY = "laboratory", _("Laboratory")
        PARENT = "parent", _("Parent lot")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="assays")
    source = models.CharField(max_length=10, choices=Source)
    lab = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=120, blank=True)
    sampled_on = models.DateField(null=True)
    moisture = models.DecimalField(max_digits=11, decimal_places=10, default=0)
    fractions = models.JSONField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="assay_moisture_in_0_1", condition=Q(moisture__gte=0, moisture__lt=1)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="fractions_are_fractions",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (SELECT 1 FROM jsonb_each_text(NEW.fractions)
                               WHERE value IS NULL OR value !~ '^[01](\\.[0-9]{1,10})?$'
                                  OR value::numeric <= 0 OR value::numeric > 1
                                  OR NOT EXISTS (SELECT 1 FROM inventory_element e WHERE e.symbol = key))
                       OR (SELECT coalesce(sum(value::numeric), 0) FROM jsonb_each_text(NEW.fractions)) > 1 THEN
                        RAISE EXCEPTION 'fractions_are_fractions: %', NEW.fractions USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            chained("assay"),
        ]

    def __str__(self) -> str:
        return f"{self.source} assay of lot {self.lot_id}"


class Retest(models.Model):
    """A retest of a lot: what was found, the date it replaces and the date it sets. Appended only."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="retests")
    performed_on = models.DateField()
    passed = models.BooleanField()
    lab = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    previous_due_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retest_sets_a_later_day",
                condition=Q(passed=False) | Q(next_due_on__isnull=True) | Q(next_due_on__gt=F("performed_on")),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [*append_only, chained("retest")]

    def __str__(self) -> str:
        return f"retest of lot {self.lot_id} on {self.performed_on}"


class AllocationChange(models.Model):
    """Mass earmarked (positive) or released (negative) at one location. Appended only."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="allocation_changes")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    delta_mg = models.BigIntegerField()
    reason = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="allocation_changes_something", condition=~Q(delta_mg=0))]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [*append_only, chained("allocation")]

    def __str__(self) -> str:
        return f"lot {self.lot_id}: {self.delta_mg} mg allocated"


class CountQuerySet(AtPlaceQuerySet["Count"]):
    """Of counts."""


class Count(models.Model):
    """What was found of a lot at one place, all of it, and what the ledger held there at that moment. Appended only.

    A count changes no balance: the difference is a variance, until an adjustment or another count settles it.
    """

    class Seals(models.TextChoices):
        INTACT = "intact", _("All seals intact")
        BROKEN = "broken", _("A seal broken or missing")
        NONE = "none", _("It bears no seals")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="counts")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    counted_mg = models.BigIntegerField()
    entered_quantity = models.DecimalField(max_digits=30, decimal_places=12)
    entered_unit = models.CharField(max_length=12)
    book_mg = models.BigIntegerField()
    seals = models.CharField(max_length=6, choices=Seals)
    remarks = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="count_masses_not_negative", condition=Q(counted_mg__gte=0) & Q(book_mg__gte=0)
            ),
            models.CheckConstraint(name="count_seals_are_known", condition=Q(seals__in=["intact", "broken", "none"])),
            models.CheckConstraint(
                name="count_entered_mass_is_a_mass",
                condition=Q(entered_quantity__gte=0, entered_quantity__lt=10**18) & ~Q(entered_unit=""),
            ),
        ]
        indexes = [models.Index(name="count_by_moment", fields=["-occurred_at", "-id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [*append_only, chained("count")]

    def __str__(self) -> str:
        return f"lot {self.lot_id} at {self.location_id}: {self.counted_mg} mg counted"


class Freeze(models.Model):
    """That nothing can be done with a lot from a moment on because its records differ, or again can. Appended only.

    `reason` says what differed, or why it was let go.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="freezes")
    frozen = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [*append_only, chained("freeze")]

    def __str__(self) -> str:
        return f"lot {self.lot_id} {'frozen' if self.frozen else 'let go'}"
