"""Lots, what became of which, and where they lie."""

from datetime import date
from typing import ClassVar, Self, TypeVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least, Lower
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.models import append_only, no_truncate
from inventory.models.catalogue import Location, Material


class Condition(models.TextChoices):
    """Supply condition codes. Only A, B and C count towards a target."""

    A = "A", _("Issuable without qualification")
    B = "B", _("Issuable with qualification")
    C = "C", _("Priority issue")
    D = "D", _("Needs test or modification")
    E = "E", _("Limited restoration")
    F = "F", _("Reparable")
    G = "G", _("Incomplete")
    H = "H", _("Condemned")
    J = "J", _("Suspended")
    K = "K", _("Returned, to be classified")
    L = "L", _("In dispute")
    M = "M", _("In work at a processor")
    Q = "Q", _("Quality deficient")
    S = "S", _("Scrap")


ACCEPTED = (Condition.A, Condition.B, Condition.C)

# The supplier's number without case and width, and the day that a lot without a due day sorts by.
SUPPLIER_KEY = Lower(
    Func(F("supplier_lot"), template="normalize(%(expressions)s, NFKC)", output_field=models.TextField())
)
NEVER = Value(date(9999, 12, 31), output_field=models.DateField())


class Verdict(models.TextChoices):
    """What is proven of a lot's sourcing. Unknown never counts as compliant."""

    UNKNOWN = "unknown", _("Not proven")
    COMPLIANT = "compliant", _("Compliant")
    BARRED = "barred", _("Barred")


def chained(kind: str, *, lot: str = "NEW.lot_id", body: str = "to_jsonb(NEW)") -> pgtrigger.Trigger:
    """Trigger that appends the new row to its lot's chain of facts."""
    return pgtrigger.Trigger(
        name="chained",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"PERFORM inventory_append_fact({lot}, '{kind}', NEW.id, {body}); RETURN NULL;",
    )


class LotQuerySet(models.QuerySet["Lot"]):
    def visible_to(self, user: User) -> Self:
        """Lots that lie, or once lay, at the person's sites or are on their way there; or all."""
        match reach(user, "lots.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                here = Balance.objects.filter(lot=models.OuterRef("pk")).filter(own_places(user, "location"))
                return self.filter(models.Exists(here))
        return self.none()


def own_places(user: User, path: str) -> Q:
    """Condition for locations of the person's own sites, or bound for them; `path` leads to the location.

    The few places are found once, as an array: joined to the many balances they cost three times as much.
    """
    here = Location.objects.filter(Q(site__code__in=user.site_codes) | Q(bound_for__code__in=user.site_codes))
    any_of_them = Func(
        F(f"{path}_id"),
        ArraySubquery(here.values("pk")),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )
    return Q(any_of_them)


class Lot(models.Model):
    """One lot. The columns above the line never change; those below are the latest word of its facts.

    `expires_on` never changes either; `retest_due_on` does, by retests, and the chain keeps the first one.
    """

    number = models.CharField(max_length=40)
    number_key = models.CharField(max_length=80, unique=True)
    material = models.ForeignKey(Material, on_delete=models.PROTECT, related_name="+")
    supplier_lot = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()
    # ---- the latest word ----
    condition = models.CharField(max_length=1, choices=Condition, default=Condition.J)
    verdict = models.CharField(max_length=9, choices=Verdict, default=Verdict.UNKNOWN)
    assay = models.ForeignKey("Assay", on_delete=models.PROTECT, related_name="+", null=True)
    retest_due_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    eligible_until = models.GeneratedField(
        expression=Least("retest_due_on", "expires_on"), output_field=models.DateField(null=True), db_persist=True
    )
    latest_at = models.DateTimeField()
    last_seq = models.BigIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="lot_condition_is_known", condition=Q(condition__in=Condition.values)),
            models.CheckConstraint(name="lot_verdict_is_known", condition=Q(verdict__in=Verdict.values)),
        ]
        indexes = [
            models.Index(name="lot_by_receipt", fields=["-received_at", "-id"]),
            models.Index(name="lot_by_material", fields=["material", "-received_at", "-id"]),
            models.Index(
                name="lot_by_last_eligible_day",
                fields=["eligible_until"],
                condition=Q(condition__in=["A", "B", "C"], eligible_until__isnull=False),
            ),
            models.Index(name="lot_number_prefix", fields=["number_key"], opclasses=["text_pattern_ops"]),
            models.Index(OpClass(SUPPLIER_KEY, "text_pattern_ops"), name="lot_supplier_key_prefix"),
            models.Index(Coalesce("eligible_until", NEVER), "id", name="lot_by_due_day"),
            models.Index("material", Coalesce("eligible_until", NEVER), "id", name="lot_by_material_and_due_day"),
            models.Index(name="lot_frozen", fields=["-received_at", "-id"], condition=Q(frozen_at__isnull=False)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            no_truncate,
            pgtrigger.ReadOnly(
                name="identity_never_changes",
                fields=[
                    "number",
                    "number_key",
                    "material",
                    "supplier_lot",
                    "received_at",
                    "received_by",
                    "command_id",
                    "expires_on",
                ],
            ),
            chained(
                "lot",
                lot="NEW.id",
                body="jsonb_build_object('number', NEW.number, 'number_key', NEW.number_key, 'material_id', NEW.material_id,"
                " 'supplier_lot', NEW.supplier_lot, 'received_at', NEW.received_at, 'received_by_id', NEW.received_by_id,"
                " 'command_id', NEW.command_id, 'expires_on', NEW.expires_on, 'first_retest_due_on', NEW.retest_due_on)",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LotParent(models.Model):
    """Genealogy: `lot` came out of `parent`. Appended only."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="parents")
    parent = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="children")
    net_mg = models.BigIntegerField()
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lot_parent_once", fields=["lot", "parent"]),
            models.CheckConstraint(name="lot_is_not_its_own_parent", condition=~Q(lot=F("parent"))),
            models.CheckConstraint(name="lot_parent_mass_positive", condition=Q(net_mg__gt=0)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [*append_only, chained("parent")]

    def __str__(self) -> str:
        return f"{self.lot_id} from {self.parent_id}"


Row = TypeVar("Row", bound=models.Model)


class AtPlaceQuerySet(models.QuerySet[Row]):
    """Of rows that stand at one `location`."""

    def visible_to(self, user: User) -> Self:
        """Those at the person's sites or on lanes to them, or all."""
        match reach(user, "lots.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(own_places(user, "location"))
        return self.none()


class BalanceQuerySet(AtPlaceQuerySet["Balance"]):
    """Of balances."""


class Balance(models.Model):
    """Net mass of a lot at one holding location: the sum of its movements there.

    `arrived_at` is when it last came to lie there after there was nothing, `counted_at` when it was last counted there, and
    `known_at` the later of the two. `variance_mg` is what that count found beyond the book and nothing has explained since.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="balances")
    net_mg = models.BigIntegerField(default=0)
    allocated_mg = models.BigIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    known_at = models.GeneratedField(
        expression=Greatest("arrived_at", "counted_at"), output_field=models.DateTimeField(null=True), db_persist=True
    )
    variance_mg = models.BigIntegerField(default=0)

    objects = BalanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="balance_once_per_lot_and_location", fields=["lot", "location"]),
            models.CheckConstraint(
                name="balance_variance_is_of_a_count", condition=Q(variance_mg=0) | Q(counted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="balance_not_negative",
                condition=Q(allocated_mg__gte=0) & Q(allocated_mg__lte=F("net_mg")),
            ),
        ]
        indexes = [
            models.Index(name="balance_held_by_location", fields=["location", "lot"], condition=Q(net_mg__gt=0)),
            models.Index(name="balance_by_round", fields=["known_at", "id"], condition=Q(net_mg__gt=0)),
            models.Index(name="balance_with_variance", fields=["known_at", "id"], condition=~Q(variance_mg=0)),
        ]

    def __str__(self) -> str:
        return f"lot {self.lot_id} at {self.location_id}: {self.net_mg} mg"
