"""The audit log, for managers and auditors."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.accounts import matrix, people
from config.audit import log
from config.audit.forms import FilterForm, PlainDayField, PlainTextField, choose, chosen
from config.audit.log import CommandRow, LogFilters
from config.audit.models import Command
from config.ui import htmx

PAGE, FRAGMENT = "audit/commands.html", "audit/commands_table.html"


class LogFilterForm(FilterForm):
    NARROWING = ("person", "kind", "site", "outcome", "since", "until")

    person = chosen("Person", longest=64, required=False)
    kind = PlainTextField(
        what="Act",
        longest=64,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Act, like inventory.receive"}),
    )
    site = PlainTextField(
        what="Site",
        longest=16,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Site code", "size": 10}),
    )
    outcome = forms.ChoiceField(required=False, choices=[("", "Done or refused"), *Command.Outcome.choices])
    since = PlainDayField(required=False, label="From")
    until = PlainDayField(required=False, label="To")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choose(self, "person", [("", "Everybody"), *people.names()])

    def filters(self) -> LogFilters:
        """What to narrow to, as the door takes it."""
        return LogFilters(**{name: self.cleaned_data[name] for name in self.NARROWING})


@require_safe
def commands(request: HttpRequest) -> HttpResponse:
    """Every attempt to write, the latest first."""
    matrix.require(request.user, "commands.see")
    form = LogFilterForm(request.GET)
    if not form.is_valid():
        return htmx.render(request, PAGE, FRAGMENT, {"form": form}, status=422)
    page = log.listing(filters=form.filters(), cursor=form.cleaned_data["cursor"])
    context = {"form": form, "page": page, "lines": [(row, _written(row)) for row in page.rows]}
    return htmx.render(request, PAGE, FRAGMENT, context)


def _written(row: CommandRow) -> str:
    """What was asked and answered, as text to read."""
    return json.dumps({"request": row.request, "answer": row.answer}, ensure_ascii=False, separators=(", ", ": "))
