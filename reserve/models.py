"""Targets, flags and what became of them; rotation policies and the schedule."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.chain import registered
from config.audit.models import append_only
from inventory import dates


class Target(models.Model):
    """A level to hold: of a material by net mass, or of an element in a form by contained mass; in all or at one site.

    Days x daily use freezes the use, its source and its date into the target. It counts once a second manager approved it.
    """

    class Basis(models.TextChoices):
        NET = "net", _("Net mass")
        CONTAINED = "contained", _("Contained element")

    class Rule(models.TextChoices):
        MASS = "mass", _("Fixed mass")
        DAYS = "days", _("Days of consumption")

    material = models.ForeignKey(
        "inventory.Material", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    element = models.ForeignKey("inventory.Element", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    form = models.ForeignKey("inventory.Form", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    basis = models.CharField(max_length=9, choices=Basis)
    site = models.ForeignKey("inventory.Site", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    rule = models.CharField(max_length=4, choices=Rule)
    required_mg = models.BigIntegerField()
    days = models.PositiveIntegerField(null=True, blank=True)
    daily_use_mg = models.BigIntegerField(null=True, blank=True)
    use_basis = models.CharField(max_length=300, blank=True)
    floor_mg = models.BigIntegerField(null=True, blank=True)
    only_compliant = models.BooleanField(default=False)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="target_is_for_a_material_or_an_element_in_a_form",
                condition=Q(basis="net", material__isnull=False, element__isnull=True, form__isnull=True)
                | Q(basis="contained", material__isnull=True, element__isnull=False, form__isnull=False),
            ),
            models.CheckConstraint(
                name="target_by_days_is_days_times_use",
                # Said to be there as well: NULL > 0 is no refusal in a CHECK.
                condition=Q(rule="mass", days__isnull=True)
                | Q(
                    rule="days",
                    days__isnull=False,
                    days__gt=0,
                    daily_use_mg__isnull=False,
                    daily_use_mg__gt=0,
                    required_mg=F("days") * F("daily_use_mg"),
                ),
            ),
            models.CheckConstraint(name="target_required_positive", condition=Q(required_mg__gt=0)),
            models.CheckConstraint(
                name="target_daily_use_positive", condition=Q(daily_use_mg__isnull=True) | Q(daily_use_mg__gt=0)
            ),
            models.CheckConstraint(
                name="target_floor_below_required",
                condition=Q(floor_mg__isnull=True) | Q(floor_mg__gt=0, floor_mg__lte=F("required_mg")),
            ),
            models.CheckConstraint(
                name="target_ends_after_it_begins",
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
            ),
            models.CheckConstraint(
                name="target_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
            models.UniqueConstraint(
                name="target_one_open_per_subject",
                fields=["material", "element", "form", "site"],
                condition=Q(effective_to__isnull=True),
                nulls_distinct=False,
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return f"target {self.pk}"


class Flag(models.Model):
    """Something is short, and somebody must act. Opened, updated and closed by the scan; never closed by hand."""

    class Kind(models.TextChoices):
        SHORTFALL = "shortfall", _("Below target")
        LEDGER = "ledger", _("Ledger differs")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        WAIVED = "waived", _("Waived")
        CLOSED = "closed", _("Closed")

    class Severity(models.TextChoices):
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")
        CRITICAL = "critical", _("Critical")

    kind = models.CharField(max_length=12, choices=Kind)
    subject = models.CharField(max_length=64)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="flags", null=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    severity = models.CharField(max_length=8, choices=Severity)
    opening = models.JSONField(default=dict)
    required_mg = models.BigIntegerField(default=0)
    eligible_mg = models.BigIntegerField(default=0)
    on_order_mg = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=1000, blank=True)
    waived_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="flag_one_open_per_subject", fields=["kind", "subject"], condition=~Q(state="closed")
            ),
            models.CheckConstraint(
                name="flag_closed_when_closed_at",
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="flag_waiver_has_an_end", condition=~Q(state="waived") | Q(waived_until__isnull=False)
            ),
            models.CheckConstraint(
                name="flag_state_is_known", condition=Q(state__in=["open", "acknowledged", "waived", "closed"])
            ),
            models.CheckConstraint(
                name="flag_severity_is_known", condition=Q(severity__in=["minor", "major", "critical"])
            ),
            models.CheckConstraint(
                name="flag_shortfall_has_a_target", condition=~Q(kind="shortfall") | Q(target__isnull=False)
            ),
        ]
        indexes = [models.Index(name="flag_by_opening", fields=["-opened_at", "-id"])]

    def __str__(self) -> str:
        return f"flag {self.pk} {self.state}"


class FlagEvent(models.Model):
    """What happened to a flag, and who did it (nobody: the scan). Appended only."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=16)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="flag_event_by_flag", fields=["flag", "id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.act} flag {self.flag_id}"


class RotationPolicy(models.Model):
    """How lots of a material are rotated: by which date, how long ahead, by which method.

    Work on a visual inspection begins 6 months ahead, on a laboratory test 9 (DoDM 4140.27). In force once a second manager
    approved it.
    """

    class Driver(models.TextChoices):
        RETEST = "retest", _("Retest due")
        EXPIRY = "expiry", _("Shelf life ends")

    class Method(models.TextChoices):
        INSPECT = "inspect", _("Visual inspection")
        RETEST = "retest", _("Laboratory retest")
        REPLACE = "replace", _("Sell and replace")
        UPGRADE = "upgrade", _("Upgrade at a processor")

    material = models.ForeignKey("inventory.Material", on_delete=models.PROTECT, related_name="+")
    driver = models.CharField(max_length=8, choices=Driver)
    method = models.CharField(max_length=8, choices=Method)
    ahead_months = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    is_active = models.BooleanField(default=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rotation_policy_one_per_material_and_driver",
                fields=["material", "driver"],
                condition=Q(is_active=True),
            ),
            models.CheckConstraint(
                name="rotation_policy_ahead_1_to_36", condition=Q(ahead_months__gte=1, ahead_months__lte=36)
            ),
            models.CheckConstraint(
                name="rotation_policy_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("proposed_by"))),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return f"{self.driver} of {self.material_id}"


class RotationQuerySet(models.QuerySet["Rotation"]):
    def visible_to(self, user: User) -> Self:
        """Rows of lots that lie at the person's sites or are bound for them; or all."""
        match reach(user, "rotations.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.lying_at(list(user.site_codes))
        return self.none()

    def lying_at(self, site_codes: list[str]) -> Self:
        """Rows of lots that lie at one of the sites or are bound for one."""
        here = dates.lies_at("reserve_rotation.lot_id", "%s::text[]")
        return self.filter(RawSQL(here, [site_codes, site_codes], output_field=models.BooleanField()))


class Rotation(models.Model):
    """One row of the rotation schedule: a lot that has to be tested or replaced by a day."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_WORK = "in work", _("In work")
        DONE = "done", _("Done")
        OVERDUE = "overdue", _("Overdue")
        DROPPED = "dropped", _("No longer needed")

    lot = models.ForeignKey("inventory.Lot", on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(RotationPolicy, on_delete=models.PROTECT, related_name="rotations")
    driver = models.CharField(max_length=8, choices=RotationPolicy.Driver)
    method = models.CharField(max_length=8, choices=RotationPolicy.Method)
    window_from = models.DateField()
    due_on = models.DateField()
    net_mg = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    finished_at = models.DateTimeField(null=True)
    retest_id = models.BigIntegerField(null=True)
    result = models.CharField(max_length=300, blank=True)

    objects = RotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rotation_once_per_lot_driver_and_day", fields=["lot", "driver", "due_on"]),
            models.CheckConstraint(name="rotation_window_opens_before_due", condition=Q(window_from__lte=F("due_on"))),
            models.CheckConstraint(
                name="rotation_state_is_known",
                condition=Q(state__in=["planned", "in work", "done", "overdue", "dropped"]),
            ),
            models.CheckConstraint(
                name="rotation_finished_when_done",
                condition=Q(state__in=["done", "dropped"], finished_at__isnull=False)
                | (~Q(state__in=["done", "dropped"]) & Q(finished_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="rotation_open_by_day", fields=["due_on", "id"], condition=Q(finished_at__isnull=True)),
            models.Index(name="rotation_by_day", fields=["due_on", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.driver} of lot {self.lot_id} by {self.due_on}"
