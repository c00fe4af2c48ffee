"""Export a list, see what became of it, fetch the file; and the log."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from config.accounts import matrix
from config.audit.forms import KeyedForm
from config.audit.pace import counts_as
from config.audit.refused import Refused
from config.exports import log, making
from config.exports.forms import ExportForm
from config.exports.tables import EXPORTS
from config.ui import htmx, lists, tables
from config.ui.pages import signed_in


@counts_as("export")
@require_POST
def export_new(request: HttpRequest, name: str) -> HttpResponse:
    """Export the list as it is narrowed; a short one is fetched at once, a long one has a page that shows how far it is."""
    table = tables.named(name)
    matrix.require(request.user, table.act)
    user = signed_in(request)
    form = ExportForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        columns = given["columns"].split(",") if given["columns"] else None
        try:
            made = making.ask(
                form.by(user, timezone.now()),
                table=name,
                format=given["format"],
                params=given["params"],
                columns=columns,
            )
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            messages.error(request, refusal.message)
            return htmx.see_other(request, reverse(table.url_name))
        return htmx.see_other(
            request, reverse("export-file" if made["state"] == "done" else "export", args=[made["export"]])
        )
    messages.error(request, " ".join(str(said) for of in form.errors.values() for said in of))
    return redirect(table.url_name)


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, or everybody's for who may see the log."""
    context = {"all": matrix.permits(request.user, "exports.see")}
    return lists.answer(request, EXPORTS, "exports/exports.html", context, now=timezone.now())


@require_safe
def export(request: HttpRequest, number: int) -> HttpResponse:
    """One export: how far it is, what it has, and the file."""
    matrix.require(request.user, "exports.make")
    user = signed_in(request)
    row, work = log.one(user, number), log.progress(user, number)
    form = KeyedForm(auto_id=False) if work and work.may_cancel else None
    answer = render(request, "exports/export.html", {"export": row, "work": work, "cancel_form": form})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def export_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The bytes, to who asked for them."""
    matrix.require(request.user, "exports.make")
    return sent(log.file(signed_in(request), number))


def sent(file: log.File) -> HttpResponseBase:
    """A file as a download that nobody keeps in between."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size),
        "Cache-Control": "no-store",
    }
    return StreamingHttpResponse(file.chunks, content_type=file.type, headers=headers)
