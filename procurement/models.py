"""Suppliers, orders, their lines, what happened to them and what was delivered. Private to this app."""

from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import DecimalField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Greatest, Upper

from config.accounts.matrix import Reach, reach
from config.accounts.models import Delegation, User
from config.audit.chain import registered
from config.audit.models import append_only, no_truncate
from procurement.transitions import ALLOWED, State

CURRENCIES = ("AUD", "CAD", "CHF", "CNY", "EUR", "GBP", "JPY", "KRW", "NOK", "SEK", "USD")
MOST_PER_KG = Decimal(10**9)
# Receipts change these; in the chain they would let one receipt wait for every other change of master data.
VOLATILE = ("received_mg", "open_mg", "chased_at")


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: User) -> Self:
        """All suppliers, or none."""
        return self if reach(user, "suppliers.see") is Reach.ALL else self.none()


class Supplier(models.Model):
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supplier_code_is_capital_letters", condition=Q(code__regex="^[A-Z0-9-]{2,16}$")
            ),
            models.CheckConstraint(name="supplier_country_is_two_letters", condition=Q(country__regex="^[A-Z]{2}$")),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return self.name


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: User) -> Self:
        """All orders, or none: people of a site see its deliveries, not the orders with their prices."""
        return self if reach(user, "orders.see") is Reach.ALL else self.none()


class Order(models.Model):
    """One order with a supplier. `flag_id` is the number of the flag that it answers: nothing points upward."""

    number = models.CharField(max_length=24, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=13, choices=State, default=State.DRAFT)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=1000, blank=True)
    flag_id = models.BigIntegerField(null=True, blank=True)
    # The last day on which the money set aside for it may be spent, where it has one.
    funds_expire_on = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    last_edited_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    # The loan under which it was approved, where the approver's own role does not allow it (trigger).
    approved_under = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="+", null=True)
    placed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="order_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="order_currency_is_known", condition=Q(currency__in=CURRENCIES)),
            models.CheckConstraint(name="order_flag_positive", condition=Q(flag_id__isnull=True) | Q(flag_id__gt=0)),
            models.CheckConstraint(name="order_approver_is_not_creator", condition=~Q(approved_by=F("created_by"))),
            models.CheckConstraint(
                name="order_approver_is_not_last_editor", condition=~Q(approved_by=F("last_edited_by"))
            ),
            models.CheckConstraint(
                name="order_approved_by_somebody_at_some_time",
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_goes_nowhere_unapproved",
                condition=Q(state__in=["draft", "submitted"], approved_at__isnull=True)
                | Q(state__in=["approved", "placed", "part received", "received"], approved_at__isnull=False)
                | Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="order_approved_under_a_loan_by_somebody",
                condition=Q(approved_under__isnull=True) | Q(approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="order_placed_has_a_moment",
                condition=~Q(state__in=["placed", "part received", "received"]) | Q(placed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_cancelled_has_a_moment", condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="order_by_state", fields=["state", "-id"]),
            models.Index(name="order_by_supplier", fields=["supplier", "-id"]),
            models.Index(
                name="order_by_end_of_funds",
                fields=["funds_expire_on", "id"],
                condition=Q(funds_expire_on__isnull=False),
            ),
            models.Index(name="order_by_flag", fields=["flag_id"], condition=Q(flag_id__isnull=False)),
            models.Index(OpClass(Upper("number"), "text_pattern_ops"), name="order_number_prefix"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(),
            no_truncate,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.FSM(name="order_state_follows_the_table", field="state", transitions=ALLOWED),
            pgtrigger.Trigger(
                name="order_approved_under_a_loan_that_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.approved_under_id IS NOT NULL AND (NEW.approved_under_id, NEW.approved_by_id, NEW.approved_at,"
                    " NEW.created_by_id, NEW.last_edited_by_id) IS DISTINCT FROM (OLD.approved_under_id,"
                    " OLD.approved_by_id, OLD.approved_at, OLD.created_by_id, OLD.last_edited_by_id)"
                ),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_delegation l JOIN accounts_user u ON u.id = l.lender_id AND u.is_active
                        WHERE l.id = NEW.approved_under_id AND l.borrower_id = NEW.approved_by_id AND l.ended_at IS NULL
                          AND (NEW.approved_at AT TIME ZONE 'UTC')::date BETWEEN l.from_on AND l.until_on
                          AND l.lender_id NOT IN (NEW.created_by_id, NEW.last_edited_by_id)) THEN
                        RAISE EXCEPTION 'order_approved_under_a_loan_that_counts: % under %', NEW.number, NEW.approved_under_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="order_begins_as_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="draft"),
                func="""
                    RAISE EXCEPTION 'order_begins_as_a_draft: %', NEW.number USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def visible_to(self, user: User) -> Self:
        """Lines that deliver to the person's sites, or all."""
        match reach(user, "deliveries.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(site__code__in=user.site_codes)
        return self.none()

    def expected(self) -> Self:
        """Lines of which something is still to arrive: placed, not delivered, not cancelled."""
        return self.filter(order__state__in=["placed", "part received"], open_mg__gt=0)


_limit = ExpressionWrapper(
    F("ordered_mg") * (F("tolerance_pct") + Value(Decimal(100))) * Value(Decimal("0.01")),
    output_field=DecimalField(max_digits=30, decimal_places=4),
)


class OrderLine(models.Model):
    """One material to one site. What is asked for changes in a draft only; `received_mg` sums its deliveries."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    material = models.ForeignKey("inventory.Material", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("inventory.Site", on_delete=models.PROTECT, related_name="+")
    ordered_mg = models.BigIntegerField()
    entered_quantity = models.DecimalField(max_digits=30, decimal_places=12)
    entered_unit = models.CharField(max_length=12)
    price_per_kg = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    tolerance_pct = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    promised_on = models.DateField(null=True)
    cancelled_mg = models.BigIntegerField(default=0)
    # ---- what has become of it ----
    received_mg = models.BigIntegerField(default=0)
    open_mg = models.GeneratedField(
        expression=Greatest(F("ordered_mg") - F("cancelled_mg") - F("received_mg"), Value(0)),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    chased_at = models.DateTimeField(null=True)

    LEFT_OUT_OF_CHAIN = VOLATILE

    objects = OrderLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="order_line_number_once", fields=["order", "number"]),
            models.CheckConstraint(name="order_line_number_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(name="order_line_mass_positive", condition=Q(ordered_mg__gt=0)),
            # NaN is greater than every number for PostgreSQL: the upper bounds keep it out.
            models.CheckConstraint(
                name="order_line_price_is_an_amount",
                condition=Q(price_per_kg__isnull=True) | Q(price_per_kg__gte=0, price_per_kg__lte=MOST_PER_KG),
            ),
            models.CheckConstraint(
                name="order_line_tolerance_is_a_percentage",
                condition=Q(tolerance_pct__gte=0, tolerance_pct__lte=Decimal(100)),
            ),
            models.CheckConstraint(name="order_line_received_not_negative", condition=Q(received_mg__gte=0)),
            models.CheckConstraint(name="order_line_received_within_tolerance", condition=Q(received_mg__lte=_limit)),
            models.CheckConstraint(
                name="order_line_cancelled_within_ordered",
                condition=Q(cancelled_mg__gte=0, cancelled_mg__lte=F("ordered_mg")),
            ),
        ]
        indexes = [
            models.Index(name="order_line_open_by_promise", fields=["promised_on", "id"], condition=Q(open_mg__gt=0)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(leave_out=VOLATILE),
            no_truncate,
            pgtrigger.Trigger(
                name="order_line_changes_in_a_draft_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("line", "record"), ("asked", "text")],
                func="""
                    line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    IF TG_OP = 'UPDATE' AND (NEW.order_id, NEW.number, NEW.material_id, NEW.site_id, NEW.ordered_mg,
                            NEW.entered_quantity, NEW.entered_unit, NEW.tolerance_pct)
                        = (OLD.order_id, OLD.number, OLD.material_id, OLD.site_id, OLD.ordered_mg,
                            OLD.entered_quantity, OLD.entered_unit, OLD.tolerance_pct)
                        AND NEW.price_per_kg IS NOT DISTINCT FROM OLD.price_per_kg
                        AND NEW.promised_on IS NOT DISTINCT FROM OLD.promised_on THEN
                        RETURN NEW;
                    END IF;
                    SELECT state INTO asked FROM procurement_order WHERE id = line.order_id;
                    IF asked <> 'draft' THEN
                        RAISE EXCEPTION 'order_line_changes_in_a_draft_only: the order is %', asked
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN line;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.number} of order {self.order_id}"


class OrderEvent(models.Model):
    """Something that happened to an order, for its timeline; with a mass where one arrived or was reversed. Appended only."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    what = models.CharField(max_length=16)
    state = models.CharField(max_length=13, choices=State)
    net_mg = models.BigIntegerField(null=True)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="order_event_late_once_per_line", fields=["line"], condition=Q(what="late")),
        ]
        indexes = [models.Index(name="order_event_by_order", fields=["order", "id"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.what} order {self.order_id}"


class Delivered(models.Model):
    """One receipt against a line: the lot it made and the movement that brought it. Appended only.

    It counts for as long as its movement is not reversed. The lot's own chain holds the movement and its command.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="deliveries")
    lot = models.ForeignKey("inventory.Lot", on_delete=models.PROTECT, related_name="+")
    movement = models.OneToOneField("inventory.Movement", on_delete=models.PROTECT, related_name="+")
    net_mg = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="delivered_mass_positive", condition=Q(net_mg__gt=0))]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only

    def __str__(self) -> str:
        return f"{self.net_mg} mg on line {self.line_id}"


class OriginSum(models.Model):
    """Contained mass held of what one supplier delivered, by the entries up to `covered_entry`. Made anew by a job each night.

    Without a supplier: what nobody is recorded as having delivered. A shortcut for reading, never the truth: what is newer
    is added from the entries, and verification recomputes it.
    """

    material = models.ForeignKey("inventory.Material", on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey("inventory.Element", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="+", null=True)
    mass_mg = models.BigIntegerField()
    lots = models.BigIntegerField()
    covered_entry = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="origin_sum_key", fields=["element", "material", "supplier"], nulls_distinct=False
            ),
        ]
        indexes = [models.Index(name="origin_sum_covered", fields=["covered_entry"])]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.material_id} of supplier {self.supplier_id}: {self.mass_mg} mg"
