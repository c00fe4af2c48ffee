"""Approving rights that one person has lent to another for some days."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from config.accounts.matrix import LENDABLE
from config.audit.chain import registered
from config.audit.models import no_truncate

# A quarter: whoever is needed for longer is given the role, by two administrators.
LONGEST_DAYS = 90


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def running(self, today: date) -> Self:
        """Those that count on this day: begun, not over, not ended, and both people may sign in."""
        return self.filter(
            ended_at__isnull=True,
            from_on__lte=today,
            until_on__gte=today,
            lender__is_active=True,
            borrower__is_active=True,
        )


class Delegation(models.Model):
    """`lender` lets `borrower` do `acts` from the first day to the last, both included (UTC). Ended early, it stays on record."""

    lender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    borrower = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acts = ArrayField(models.CharField(max_length=32))
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=1000)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    command_id = models.BigIntegerField()

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="delegation_to_another_person", condition=~Q(lender=F("borrower"))),
            models.CheckConstraint(name="delegation_ends_after_it_begins", condition=Q(until_on__gte=F("from_on"))),
            models.CheckConstraint(
                name="delegation_lasts_90_days_at_most",
                condition=Q(
                    until_on__lt=ExpressionWrapper(F("from_on") + LONGEST_DAYS, output_field=models.DateField())
                ),
            ),
            models.CheckConstraint(
                name="delegation_lends_approvals_only",
                condition=Q(acts__contained_by=sorted(LENDABLE)) & Q(acts__len__gte=1),
            ),
            models.CheckConstraint(
                name="delegation_says_why_it_ended",
                condition=Q(ended_at__isnull=True, ended_why="") | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
            ),
        ]
        indexes = [
            models.Index(name="delegation_open_by_borrower", fields=["borrower"], condition=Q(ended_at__isnull=True)),
            models.Index(name="delegation_open_by_lender", fields=["lender"], condition=Q(ended_at__isnull=True)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(),
            no_truncate,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="loan_never_changes",
                fields=[
                    "lender",
                    "borrower",
                    "acts",
                    "from_on",
                    "until_on",
                    "reason",
                    "made_at",
                    "command_id",
                ],
            ),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} to {self.borrower_id} until {self.until_on}"
