"""The page of a list: its filters, a page of its rows, its columns, the same for every table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.accounts import matrix
from config.audit import keyset
from config.ui import htmx, saved, tables
from config.ui.pages import signed_in

FRAGMENT = "ui/list.html"
Also = Callable[[Any, keyset.Page[Any]], dict[str, Any]]


def answer(
    request: HttpRequest,
    table: tables.Table,
    template: str,
    context: dict[str, Any],
    *,
    now: datetime,
    fragment: str = FRAGMENT,
    also: Also | None = None,
    status: int = 200,
) -> HttpResponse:
    """The list as the address narrows it: the page, or for a swap the table alone; 422 where a filter cannot be read.

    Without any filter it opens with the person's default view of it. `also` gives what else the page shows of these rows.
    """
    matrix.require(request.user, table.act)
    user = signed_in(request)
    bare = request.method != "POST" and not request.GET and not htmx.is_swap(request)
    first = saved.default(user, table) if bare else None
    if first:
        return redirect(reverse(table.url_name) + first.address)
    asked = tables.asked(table, user=user, params=request.GET, now=now)
    form = asked.form
    shown = tables.shown(table, user=user, view=asked.view)
    context |= {"form": form, "table": shown, "lost": asked.lost, "nothing": table.nothing(user)}
    if not form.is_valid():
        return htmx.render(request, template, fragment, context, status=422)
    cursor = form.cleaned_data["cursor"]
    page = table.find(form, user=user, now=now, cursor=cursor, size=table.size)
    context |= {"page": page, **(also(form, page) if also else {})}
    return htmx.render(request, template, fragment, context, status=status)
