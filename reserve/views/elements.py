"""The elements, and the page of one: its chain, targets, lots, orders, sites, and the months to come."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.ui import charts, figures, htmx, lists
from config.ui.pages import signed_in
from inventory import lots, names
from procurement import pipeline
from reserve import elements, flags, ordering, picture, projection
from reserve.elements import ElementPage, FormRow
from reserve.tables import ELEMENTS
from reserve.tables.position import Line

PAGE, FRAGMENT = "reserve/element.html", "reserve/parts/element_form.html"
LOTS_SHOWN = 8


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Elements that are held or targeted."""
    now = timezone.now()
    context = {
        "as_of": now.date(),
        "scope": scope(signed_in(request)),
        "sees_targets": matrix.permits(request.user, "targets.see"),
    }
    return lists.answer(request, ELEMENTS, "reserve/elements.html", context, now=now)


@require_safe
def element(request: HttpRequest, symbol: str) -> HttpResponse:
    """One element. `?form=` chooses whose lots and months to come are shown."""
    user = signed_in(request)
    matrix.require(user, "positions.see")
    now = timezone.now()
    page = elements.one(user=user, symbol=symbol, today=now.date())
    chosen = _chosen(page, request.GET.get("form", ""))
    context: dict[str, Any] = {"page": page, "chosen": chosen, "as_of": now.date(), "scope": scope(user)}
    if chosen and page.sees_targets:
        context["months"] = projection.of(user=user, element=symbol, form=chosen, today=now.date())
    if chosen:
        context |= _of_form(user, page, chosen, now.date())
    filters = lots.LotFilters(element=symbol, form=chosen.code if chosen else "", held=True)
    context["lots"] = found = lots.listing(user=user, filters=filters, order="due", size=LOTS_SHOWN)
    context["lot_rows"] = [(row, row.contained.get(symbol, 0)) for row in found.rows]
    if not htmx.is_swap(request):
        context |= _around(user, page, context)
    return htmx.render(request, PAGE, FRAGMENT, context)


def _of_form(user: User, page: ElementPage, form: FormRow, today: date) -> dict[str, Any]:
    """What the chosen form's panels show beside its lots: the past months, and what changed since the last one."""
    found = picture.bridge(user=user, page=page, form=form, today=today)
    return {
        "past": picture.past(user=user, page=page, form=form, today=today),
        "bridge": found,
        "bridge_sentence": picture.bridge_sentence(found),
        "bridge_start": (_("On %(day)s") % {"day": figures.day(found.since)}, found.start_mg),
        "bridge_causes": [(cause.label, cause.eligible_mg) for cause in found.causes],
        "bridge_now": (_("Today"), found.now_mg),
    }


def _around(user: User, page: ElementPage, context: dict[str, Any]) -> dict[str, Any]:
    """What stands around the chosen form: the chain, the targets, the flags, the orders."""
    found: dict[str, Any] = {
        "held_sentence": elements.held_sentence(page),
        "short_sentence": elements.short_sentence(page),
        "chain": [_stage(form, page) for form in page.forms],
        "site_note": _("contained {symbol}, and net mass below it; every place and condition").format(
            symbol=page.symbol
        ),
        "chain_title": _("{element} along the chain").format(element=page.name),
        "chain_note": _(
            "contained %(symbol)s; full: eligible, pale: held and not eligible; lines: whole-reserve targets"
        )
        % {"symbol": page.symbol},
        "chain_desc": _("Mass of {element} held in each form, with the targets for it.").format(
            element=names.lower(page.name)
        ),
    }
    found["spots"], found["unplaced"] = picture.spots(user=user, page=page)
    if not page.sees_targets:
        found["chain_note"] = _("contained %(symbol)s; full: eligible, pale: held and not eligible") % {
            "symbol": page.symbol
        }
        found["wanted"] = elements.is_wanted(user=user, page=page)
        return found
    links = ordering.links(user=user, rows=page.targets)
    targets = {row.target for row in page.targets}
    found["lines"] = [Line(row, context["as_of"], False, links.get(row.target, ""), []) for row in page.targets]
    if matrix.permits(user, "orders.see"):
        found["sources"] = sources = picture.sources(symbol=page.symbol)
        found["concentration"] = picture.concentration_sentence(sources.concentration)
    found["flags"] = [flag for flag in flags.listing(user=user) if flag.target in targets]
    found["orders"] = pipeline.rows(materials=page.materials, limit=LOTS_SHOWN) if page.materials else []
    return found


def _stage(form: FormRow, page: ElementPage) -> charts.Stage:
    target = form.target if page.sees_targets else None
    caption = _("%(mass)s eligible") % {"mass": figures.brief(form.eligible_mg, page.unit)}
    flagged = target.flag.text if target and target.flag else ""
    return charts.Stage(
        name=form.name,
        held_mg=form.held_mg,
        eligible_mg=min(form.eligible_mg, form.held_mg),
        caption=caption,
        target_mg=target.required_mg if target else None,
        share=_share(form, page),
        flag=flagged,
        short=form.short,
        url=f"?form={form.code}#form",
        flow=charts.Flow("", weight=2),  # which way it goes; how much can pass is another question
    )


def _share(form: FormRow, page: ElementPage) -> str:
    """How much of the form's target is covered, in figures; what counts for the target may be less than is eligible."""
    if not page.sees_targets:
        return ""
    if form.target:
        share = _("%(share)s of target") % {"share": figures.percent(form.target.cover_pct)}
        short_mg = form.target.short_mg
        short = _("short by %(mass)s") % {"mass": figures.brief(short_mg, page.unit)}
        return f"{share}\n{short}" if short_mg else share
    return _("a material's target is short") if form.short else ""


def _chosen(page: ElementPage, code: str) -> FormRow | None:
    """The form asked for, else the one that is shortest of its target, else the last one that is held."""
    for form in page.forms:
        if form.code == code:
            return form
    short = [form for form in page.forms if form.target and form.target.short_mg]
    if short:
        return min(short, key=lambda form: form.target.cover_pct if form.target else 0)
    return page.forms[-1] if page.forms else None


def scope(user: User) -> str:
    """Whose stock the figures count: "" for the whole reserve, else the person's sites in words."""
    if matrix.reach(user, "positions.see") is matrix.Reach.ALL:
        return ""
    return _("at {sites}").format(sites=", ".join(user.site_codes)) if user.site_codes else _("at no site yet")
