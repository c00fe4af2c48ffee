"""Who asked for an act that takes two, and who agreed."""

from datetime import timedelta
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.chain import registered
from config.audit.models import append_only, no_truncate

# Who decides, or lends to who decides, is not the one who asked or decided, nor who lends to or borrows from one who decided.
# The request is locked first, so that two words at once are weighed one after the other.
ONE_PERSON = """
    PERFORM 1 FROM approvals_request WHERE id = NEW.request_id FOR UPDATE;
    SELECT lender_id INTO lender FROM accounts_delegation WHERE id = NEW.delegation_id;
    IF EXISTS (
        SELECT 1 FROM approvals_request r WHERE r.id = NEW.request_id AND lender IN (r.requester_id, r.about_id)
    ) OR EXISTS (
        SELECT 1 FROM approvals_decision d LEFT JOIN accounts_delegation l ON l.id = d.delegation_id
        WHERE d.request_id = NEW.request_id AND (
            d.actor_id = lender OR l.lender_id IN (NEW.actor_id, lender) OR EXISTS (
                SELECT 1 FROM accounts_delegation p
                WHERE p.ended_at IS NULL AND (NEW.decided_at AT TIME ZONE 'UTC')::date BETWEEN p.from_on AND p.until_on
                  AND (p.lender_id, p.borrower_id) IN ((NEW.actor_id, d.actor_id), (d.actor_id, NEW.actor_id))))
    ) THEN
        RAISE EXCEPTION 'lender_and_borrower_are_one: request % has the word of one of them', NEW.request_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


# A review is the word of somebody who asked for nothing of it, decided nothing, did nothing, and neither lent to nor borrowed
# from who did, when it was done or is reviewed.
OUTSIDE = """
    IF EXISTS (
        SELECT 1 FROM approvals_request r LEFT JOIN approvals_decision d ON d.request_id = r.id
            LEFT JOIN accounts_delegation l ON l.id = d.delegation_id
        WHERE r.id = NEW.request_id AND (
            NEW.reviewer_id IN (r.requester_id, r.about_id, d.actor_id, l.lender_id) OR EXISTS (
                SELECT 1 FROM accounts_delegation p, unnest(ARRAY[NEW.acted_at, NEW.reviewed_at]) AS moment
                WHERE p.made_at <= moment AND (p.ended_at IS NULL OR p.ended_at > moment)
                  AND (moment AT TIME ZONE 'UTC')::date BETWEEN p.from_on AND p.until_on
                  AND CASE NEW.reviewer_id WHEN p.lender_id THEN p.borrower_id WHEN p.borrower_id THEN p.lender_id END
                      IN (NEW.actor_id, r.requester_id, d.actor_id, l.lender_id)))
    ) THEN
        RAISE EXCEPTION 'reviewer_is_outside_the_chain: of request %', NEW.request_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
REVIEW_WITHIN = timedelta(hours=72)
SHORTEST_REASON = 20


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: User) -> Self:
        """Requests that the person may see: about the reserve all, those of their own sites, or none; about people (`about`
        names whom) those who may see people. Who runs the system sees no request about stock."""
        seen = models.Q(pk__in=[])
        match reach(user, "requests.reserve"):
            case Reach.ALL:
                seen |= models.Q(about__isnull=True)
            case Reach.OWN:
                seen |= models.Q(about__isnull=True, site_code__in=user.site_codes)
        if reach(user, "people.see"):
            seen |= models.Q(about__isnull=False)
        return self.filter(seen)


class Request(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EMERGENCY = "emergency", _("Break-glass")  # done under break-glass: not by those who should have agreed

    kind = models.CharField(max_length=48)
    subject = models.CharField(max_length=120)
    site_code = models.CharField(max_length=16, blank=True)
    summary = models.CharField(max_length=300)
    body = models.JSONField()
    reason = models.CharField(max_length=1000)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Whom it would give something to: never who asks, never who decides (constraint and trigger).
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    needed = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    settled_at = models.DateTimeField(null=True)
    command_id = models.BigIntegerField()

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="request_needs_somebody", condition=models.Q(needed__gte=1)),
            models.CheckConstraint(
                name="request_settled_when_not_pending",
                condition=models.Q(state="pending", settled_at__isnull=True)
                | (~models.Q(state="pending") & models.Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="request_about_another_than_who_asks",
                condition=models.Q(about__isnull=True) | ~models.Q(about=models.F("requester")),
            ),
            models.UniqueConstraint(
                name="request_one_pending_about_a_person",
                fields=["kind", "about"],
                condition=models.Q(state="pending", about__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="request_by_state", fields=["state", "-asked_at", "-id"]),
            models.Index(name="request_by_subject", fields=["subject", "-asked_at", "-id"]),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            no_truncate,
            # What was asked for is what people agree to.
            pgtrigger.ReadOnly(
                name="question_never_changes",
                fields=[
                    "kind",
                    "subject",
                    "site_code",
                    "summary",
                    "body",
                    "reason",
                    "requester",
                    "about",
                    "asked_at",
                    "needed",
                    "command_id",
                ],
            ),
            pgtrigger.Trigger(
                name="emergency_has_its_record",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state="emergency"),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM approvals_breakglass WHERE request_id = NEW.id) THEN
                        RAISE EXCEPTION 'emergency_has_its_record: request % has none', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="settled_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="pending")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Decision(models.Model):
    """One person's word on one request. Appended only; never by who asked (trigger)."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="decisions")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField()
    note = models.CharField(max_length=1000, blank=True)
    # The loan under which the actor decided, where their own role does not allow it (trigger: it counts that day).
    delegation = models.ForeignKey("accounts.Delegation", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField()
    command_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="decision_once_per_person", fields=["request", "actor"])]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *append_only,
            pgtrigger.Trigger(
                name="decider_is_not_requester",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.actor_id = (SELECT requester_id FROM approvals_request WHERE id = NEW.request_id) THEN
                        RAISE EXCEPTION 'decider_is_not_requester: request % was asked by the same person', NEW.request_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="decided_under_a_loan_that_counts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__delegation__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_delegation l JOIN accounts_user u ON u.id = l.lender_id AND u.is_active
                        WHERE l.id = NEW.delegation_id AND l.borrower_id = NEW.actor_id AND l.ended_at IS NULL
                          AND (NEW.decided_at AT TIME ZONE 'UTC')::date BETWEEN l.from_on AND l.until_on) THEN
                        RAISE EXCEPTION 'decided_under_a_loan_that_counts: delegation % does not', NEW.delegation_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="lender_and_borrower_are_one",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("lender", "bigint")],
                func=ONE_PERSON,
            ),
            pgtrigger.Trigger(
                name="decider_is_not_whom_it_is_about",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.agreed AND NEW.actor_id = (SELECT about_id FROM approvals_request WHERE id = NEW.request_id) THEN
                        RAISE EXCEPTION 'decider_is_not_whom_it_is_about: request % is about the same person', NEW.request_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} on {self.request}"


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def visible_to(self, user: User) -> Self:
        """All of them, or those of the person's sites, or none."""
        match reach(user, "glass.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(request__site_code__in=user.site_codes)
        return self.none()


class BreakGlass(models.Model):
    """A request that one person carried out in an emergency, without those who should have agreed; and its review."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="broken")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    acted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    command_id = models.BigIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    justified = models.BooleanField(null=True)
    remarks = models.CharField(max_length=1000, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="break_glass_reviewer_is_another",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("actor")),
            ),
            models.CheckConstraint(
                name="break_glass_says_why", condition=Q(GreaterThanOrEqual(Length("reason"), SHORTEST_REASON))
            ),
            models.CheckConstraint(
                name="break_glass_review_is_due_in_72_hours",
                condition=Q(due_at=ExpressionWrapper(F("acted_at") + REVIEW_WITHIN, models.DateTimeField())),
            ),
            models.CheckConstraint(
                name="break_glass_review_is_whole",
                condition=Q(reviewer__isnull=True, justified__isnull=True, reviewed_at__isnull=True, remarks="")
                | (Q(reviewer__isnull=False, justified__isnull=False, reviewed_at__isnull=False) & ~Q(remarks="")),
            ),
        ]
        indexes = [
            models.Index(name="break_glass_open", fields=["due_at"], condition=Q(reviewed_at__isnull=True)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(),
            no_truncate,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="what_was_done_never_changes",
                fields=["request", "actor", "reason", "acted_at", "due_at", "command_id"],
            ),
            pgtrigger.Protect(
                name="reviewed_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__reviewed_at__isnull=False)
            ),
            pgtrigger.Trigger(
                name="reviewer_is_outside_the_chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__reviewer__isnull=False),
                func=OUTSIDE,
            ),
        ]

    def __str__(self) -> str:
        return f"break-glass on {self.request_id}"
