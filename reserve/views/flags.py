"""Flags: the list, one flag with its arithmetic, and what people do with it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.approvals import reads
from config.audit.commands import Answer
from config.audit.keyset import Page
from config.ui import htmx, lists
from config.ui.pages import signed_in
from inventory import lots
from procurement import orders
from reserve import flags, ordering, shortfall, waterfall
from reserve.flags import arithmetic
from reserve.flags.reads import EventRow, FlagRow
from reserve.forms import AcknowledgeForm, AssignForm, SeenForm, WaiveForm
from reserve.tables import FLAGS

LOTS_SHOWN = 6
DOORS: dict[str, Callable[..., Answer]] = {
    "acknowledge": flags.acknowledge,
    "assign": flags.assign,
    "waive": flags.waive,
}
FORMS: dict[str, Callable[..., SeenForm]] = {
    "acknowledge": AcknowledgeForm,
    "assign": lambda *given, **options: AssignForm(*given, owners=flags.owners(), **options),
    "waive": WaiveForm,
}
SAID: dict[str, str | Promise] = {
    "acknowledge": _("Acknowledged. You are its owner now."),
    "assign": _("Assigned."),
    "waive": _("Waived."),
}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Flags, worst and oldest first; those not closed unless the address asks otherwise."""
    return lists.answer(
        request,
        FLAGS,
        "reserve/flags.html",
        {},
        now=timezone.now(),
        fragment="reserve/parts/flags.html",
        also=_counted,
    )


def _counted(_form: Any, page: Page[FlagRow]) -> dict[str, Any]:
    return {
        "critical": sum(row.severity == "critical" and row.state != "closed" for row in page.rows),
        "unowned": sum(not row.owner and row.state == "open" for row in page.rows),
    }


@require_safe
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """One flag: what was short at its opening and is now, what happened, and what the person may do."""
    matrix.require(request.user, "flags.see")
    found, events = flags.one(user=signed_in(request), flag_id=pk)
    return _page(request, found, events, {})


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Acknowledge, assign or waive. A flag that changed meanwhile is shown again first, with 422."""
    matrix.require(request.user, f"flags.{name}")
    user = signed_in(request)
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    answer = form.attempt(lambda by: DOORS[name](by=by, flag_id=pk, **form.given()), user=user, now=timezone.now())
    if answer is None:
        found, events = flags.one(user=user, flag_id=pk)
        form.show_again(seen_at=found.updated_at.isoformat())
        return _page(request, found, events, {name: form}, 422)
    waits = "request" in answer
    messages.success(request, _("It waits for a second manager: the flag is critical.") if waits else str(SAID[name]))
    return htmx.see_other(request, reverse("flag", args=[pk]))


def _page(
    request: HttpRequest, found: FlagRow, events: list[EventRow], bound: dict[str, SeenForm], status: int = 200
) -> HttpResponse:
    user, today = signed_in(request), timezone.now().date()
    now = shortfall.rows(as_of=today, target_ids=[found.target]) if found.target else []
    context = {
        "flag": found,
        "events": list(reversed(events)),
        "now": now[0] if now else None,
        "lines": arithmetic.lines(found.opening, now[0] if now else None),
        "unit": arithmetic.unit(found, now[0] if now else None),
        "order_url": next(iter(ordering.links(user=user, rows=now).values()), ""),
        "forms": _forms(user, found, bound),
        "pending": reads.listing(user=user, state="pending", subject=f"flag {found.id}").rows,
        **_beside(user, found, today),
    }
    return htmx.render(request, "reserve/flag.html", "reserve/parts/flag_acts.html", context, status)


def _forms(user: User, found: FlagRow, bound: dict[str, SeenForm]) -> dict[str, SeenForm]:
    """A form for each act that the person may do; none once the flag is closed."""
    if found.state == "closed":
        return {}
    seen = {"seen_at": found.updated_at.isoformat()}
    return {
        name: bound.get(name) or form(initial=seen, auto_id=f"{name}_%s")
        for name, form in FORMS.items()
        if matrix.permits(user, f"flags.{name}")
    }


def _beside(user: User, found: FlagRow, today: date) -> dict[str, Any]:
    """The lots that lie under the flag, and the orders that answer it."""
    if not found.target:
        return {"lots": None, "orders": [], "lots_query": ""}
    filters = lots.LotFilters(
        element=found.element,
        form=found.form if found.element else "",
        material=found.material,
        site=found.site,
        held=True,
    )
    return {
        "lots": lots.listing(user=user, filters=filters, order="due", size=LOTS_SHOWN),
        "lots_query": waterfall.lots_query(found),
        "orders": orders.listing(user, today=today, flag_id=found.id, size=LOTS_SHOWN).rows,
    }
