"""The parts that pages are made of. Every template has them without `load`; each names its inputs here.

Inputs that are not given have the default shown. `level` is ok, warn, bad or muted; colour never stands without text.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.accounts import matrix
from config.accounts.matrix import ROLE_NAMES, Role
from config.audit.keyset import Page
from config.ui import charts, conditions, figures
from config.ui.forms import NewViewForm
from config.ui.panels import Panel
from config.ui.tables import Shown
from config.ui.templatetags import ui_charts

register = template.Library()
register.tags.update(ui_charts.register.tags)
LEVELS = frozenset({"ok", "warn", "bad", "muted"})
PAGING = ("after", "before", "cursor", "page")


# --- boxes ----------------------------------------------------------------------------------------
@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", id: str = "", flush: bool = False) -> SafeString:
    """A titled box: {% panel "Targets" note="contained Nd" id="targets" %}...{% endpanel %}.

    `note` says unit, basis and date; `flush` lets a table reach the edges of the box.
    """
    return render_to_string(
        "ui/parts/panel.html", {"content": content, "title": title, "note": note, "id": id, "flush": flush}
    )


@register.simple_tag(takes_context=True)
def panel_of(context: RequestContext, shown: Panel) -> SafeString:
    """A panel another app registered (config.ui.panels): {% for panel in panels %}{% panel_of panel %}{% endfor %}."""
    content = render_to_string(shown.template, dict(shown.context), context["request"])
    return panel(content, title=str(shown.title), note=str(shown.note))


@register.inclusion_tag("ui/parts/stat.html")
def stat(label: str, value: Any, unit: str = "", note: str = "", level: str = "", url: str = "") -> dict[str, Any]:
    """A tile with one figure: {% stat "Targets short" 5 unit="of 12" note="2 below half" level="bad" url=... %}.

    `level` colours the note; tiles stand in <div class="stats">.
    """
    return {"label": label, "value": value, "unit": unit, "note": note, "level": _level(level), "url": url}


@register.inclusion_tag("ui/parts/empty.html")
def empty(title: str, note: str = "", url: str = "", action: str = "") -> dict[str, str]:
    """Nothing here, and what to do: {% empty "No lots match" note="Clear a filter." url="?" action="Show all" %}."""
    return {"title": title, "note": note, "url": url, "action": action}


@register.simple_block_tag
def callout(content: str, level: str = "muted", title: str = "") -> SafeString:
    """A sentence that must be seen, in a box: {% callout "bad" title="Short since 3 Nov" %}...{% endcallout %}."""
    return render_to_string("ui/parts/callout.html", {"content": content, "level": _level(level), "title": title})


# --- status ---------------------------------------------------------------------------------------
@register.simple_tag
def badge(level: str, text: str | Promise) -> SafeString:
    """A status as text and colour: {% badge "bad" "Critical" %}."""
    return format_html('<span class="badge {}">{}</span>', _level(level) or "muted", text)


@register.simple_tag
def condition_tag(code: str, short: bool = False) -> SafeString:
    """A condition code A..S on the tag colour of the trade, with its name; `short` keeps the name for readers only."""
    name = conditions.NAMES.get(code, gettext("Unknown condition"))
    return format_html(
        '<span class="cond" title="{}"><b class="tag tag-{}">{}</b> <span class="{}">{}</span></span>',
        gettext("Condition {code}: {name}").format(code=code, name=name),
        conditions.COLOURS.get(code, "brown"),
        code,
        "unseen" if short else "cond-name",
        name,
    )


@register.inclusion_tag("ui/parts/bar.html")
def bar(percent: Decimal | int | None, level: str = "", text: str = "") -> dict[str, Any]:
    """A bar of 0-100 % with its figure beside it: {% bar row.cover_pct "bad" %}; None is shown as unknown, never as 0.

    `text` replaces the figure.
    """
    return {
        "width": charts.share(percent),
        "level": _level(level),
        "text": text or figures.percent(percent),
    }


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small decorative picture from the sprite (ui/icons.html): {% icon "lot" %}. Text must stand beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


# --- figures --------------------------------------------------------------------------------------
@register.simple_tag
def mass(mg: int | Decimal | None, unit: str = "", bare: bool = False, sign: bool = False) -> str:
    """A mass in mg, exactly: {% mass lot.net_mg %} -> 12,345.6 kg; unit mg, g, kg or t; bare leaves the unit out.

    Without a unit it is the one that the person prefers; pounds are rounded, and the exact kg stand in the title.
    """
    shown = figures.mass(mg, unit, bare=bare, sign=sign)
    if mg is None or (unit or figures.preferred_unit()) != "lb":
        return shown
    return format_html('<span title="{}">{}</span>', figures.mass(mg, "kg"), shown)


@register.filter(name="mass")
def mass_filter(mg: int | Decimal | None, unit: str = "") -> str:
    """{{ lot.net_mg|mass }} or |mass:"g": as the tag."""
    return mass(mg, unit)


@register.filter
def in_unit(words: str) -> str:
    """A head over bare masses, in the unit that the person prefers: {{ _("Net, kg")|in_unit }} -> Net, t."""
    return figures.in_unit(str(words))


@register.filter
def overview(unit: str) -> str:
    """The unit in which `mass_in` writes masses of this one, for heads over bare masses."""
    return figures.overview(unit)


@register.filter
def figure(value: int | Decimal | None) -> str:
    """A count or a plain decimal with the marks of the language: {{ page.count|figure }} -> 1,234."""
    return figures.UNKNOWN if value is None else figures.number(value)


@register.simple_tag
def mass_t(mg: int | Decimal | None, bare: bool = False, sign: bool = False) -> SafeString:
    """A mass in mg as tonnes rounded to the kilogram, or in pounds, for overviews; the exact kg stand in the title."""
    return format_html('<span title="{}">{}</span>', figures.mass(mg, "kg"), figures.tonnes(mg, bare=bare, sign=sign))


@register.filter(name="mass_t")
def mass_t_filter(mg: int | Decimal | None) -> SafeString:
    """{{ row.short_mg|mass_t }}: as the tag."""
    return mass_t(mg)


@register.simple_tag
def mass_in(mg: int | Decimal | None, unit: str, bare: bool = False, sign: bool = False) -> SafeString:
    """A mass in mg in the row's own unit, to three decimals: {% mass_in row.short_mg row.unit %}; exact kg in the title.

    Where the cell says its unit, what is no whole kilogram in tonnes stands in kg: nobody reads −<0.001 t. Who reads in
    pounds gets pounds; a head that names the unit of bare masses says {{ row.unit|overview }}.
    """
    unit = figures.overview(unit)
    if mg and unit == "t" and not bare and -figures.KG_MG < mg < figures.KG_MG:
        unit = "kg"
    return format_html(
        '<span title="{}">{}</span>', figures.mass(mg, "kg"), figures.rounded(mg, unit, bare=bare, sign=sign)
    )


@register.filter(name="mass_in")
def mass_in_filter(mg: int | Decimal | None, unit: str) -> SafeString:
    """{{ row.short_mg|mass_in:row.unit }}: as the tag."""
    return mass_in(mg, unit)


@register.filter
def word(code: str) -> str:
    """A state, stage or kind as it is recorded, in words: {{ order.state|word }} -> Part received."""
    return gettext(code[:1].upper() + code[1:]) if code else code


@register.filter
def roles(names: Sequence[str]) -> str:
    """Roles in words, with commas: {{ person.roles|roles }}."""
    return ", ".join(str(ROLE_NAMES[Role(name)]) for name in names)


@register.filter
def pct(value: Decimal | int | None, places: int = 0) -> str:
    """A Decimal percentage: {{ row.cover_pct|pct }} -> 48 %; |pct:2 for assays. Below 100 never reads 100 %."""
    return figures.percent(value, places)


@register.filter
def day(value: date | None) -> str:
    """A day: {{ lot.retest_due_on|day }} -> 20 Nov 2026."""
    if value is None:
        return figures.UNKNOWN
    return format_html('<time datetime="{}">{}</time>', figures.iso_day(value), figures.day(value))


@register.filter
def moment(value: datetime | None) -> str:
    """A moment: {{ movement.occurred_at|moment }} -> 20 Nov 2026 14:05 UTC."""
    if value is None:
        return figures.UNKNOWN
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), figures.moment(value))


# --- forms ----------------------------------------------------------------------------------------
@register.inclusion_tag("ui/parts/field.html")
def field(
    bound: BoundField, label: str = "", hint: str = "", unit: str = "", scan: bool = False, wide: bool = False
) -> dict[str, Any]:
    """One form field with label, hint, unit and its errors: {% field form.net_kg unit="kg" hint="Net, as weighed." %}.

    `scan` marks an input that a wedge scanner may fill (it waits for Enter); `wide` takes the whole row of .fields.
    """
    hint = hint or str(bound.help_text)
    described = [f"{bound.auto_id}_hint"] * bool(hint) + [f"{bound.auto_id}_errors"] * bool(bound.errors)
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if scan:
        attrs |= {"data-scan": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    widget = bound.field.widget
    return {
        "bound": bound,
        "control": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "hint": hint,
        "unit": unit,
        "wide": wide,
        "many": bool(getattr(widget, "use_fieldset", False)),
        "tick": getattr(widget, "input_type", "") == "checkbox" and not getattr(widget, "use_fieldset", False),
        "hidden": bound.is_hidden,
    }


@register.inclusion_tag("ui/parts/form_errors.html")
def form_errors(form: BaseForm, title: str | None = None) -> dict[str, Any]:
    """What is wrong with the whole form, said once above it, with links to the fields: {% form_errors form %}.

    An empty title leaves only the sentences.
    """
    fields = [bound for bound in form if bound.errors] if form.is_bound else []
    title = gettext("Nothing was saved") if title is None else title
    return {"title": title, "whole": form.non_field_errors() if form.is_bound else [], "fields": fields}


# --- lists ----------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """The present query string with changes: <a href="{% query site="HAM" %}">; None or "" takes a name away.

    Page cursors are dropped unless given, because another filter or order starts on its first page.
    """
    params: QueryDict = context["request"].GET.copy()
    for name in PAGING:
        params.pop(name, None)
    for name, value in changes.items():
        params.pop(name, None)
        if isinstance(value, Sequence) and not isinstance(value, str):
            params.setlist(name, [str(item) for item in value])
        elif value not in (None, ""):
            params[name] = str(value)
    return "?" + params.urlencode()


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: RequestContext, page: Page[Any], one: str, many: str = "", target: str = "") -> dict[str, str]:
    """How many rows a list has, and the keyset pages before and after: {% pager page "lot" target="#lots" %}.

    `target` is a CSS selector that htmx swaps instead of loading the page.
    """
    prev, next = (query(context, cursor=cursor) if cursor else "" for cursor in (page.previous, page.next))
    return {"prev": prev, "next": next, "note": page.words(one, many), "target": target}


@register.inclusion_tag("ui/parts/sort_head.html", takes_context=True)
def sort_head(
    context: RequestContext, label: str, key: str, number: bool = False, name: str = "order"
) -> dict[str, Any]:
    """A column head that orders by `key`, `-key` the other way: {% sort_head "Net, kg" "net" number=True %}."""
    now = context["request"].GET.get(name, "")
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {"label": label, "number": number, "state": state, "href": query(context, **{name: _other(key, now)})}


@register.inclusion_tag("ui/parts/table.html", takes_context=True)
def table(context: RequestContext, shown: Shown, rows: Sequence[Any]) -> dict[str, Any]:
    """A list with a head that stays: {% table table page.rows %}.

    `shown` is config.ui.tables.shown(TABLE, user=...); rows are what its columns take.
    """
    return {"request": context["request"], "shown": shown, "bodies": shown.bodies(rows)}


@register.inclusion_tag("ui/parts/table_tools.html", takes_context=True)
def table_tools(context: RequestContext, shown: Shown) -> dict[str, Any]:
    """What can be done with a list as it is narrowed now: {% table_tools table %}. Views, columns, density, export."""
    request = context["request"]
    columns = ",".join(column.key for column in shown.columns)
    new_view = NewViewForm(initial={"query": request.GET.urlencode(), "columns": columns}, auto_id="new_view_%s")
    filed = ",".join(column.key for column in shown.filed)
    exports = {"key": str(uuid4()), "params": request.GET.urlencode(), "columns": filed}
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "shown": shown,
        "new_view": new_view,
        "exports": exports if matrix.permits(request.user, "exports.make") else None,
    }


def _other(key: str, now: str) -> str:
    return f"-{key}" if now == key else key


def _level(level: str) -> str:
    if level and level not in LEVELS:
        raise ValueError(f"A level is ok, warn, bad or muted, not {level!r}.")
    return level
