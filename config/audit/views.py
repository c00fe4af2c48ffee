"""The audit log, for managers and auditors."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.accounts import matrix
from config.accounts.models import User
from config.audit import log
from config.audit.forms import PlainDayField, PlainTextField
from config.audit.log import CommandRow, LogFilters
from config.audit.models import Command
from config.ui import htmx

PAGE, FRAGMENT = "audit/commands.html", "audit/commands_table.html"


class LogFilterForm(forms.Form):
    """What to narrow the log to, as it stands in the address."""

    person = PlainTextField(
        what="Person", longest=64, required=False, widget=forms.Select(attrs={"aria-label": "Person"})
    )
    kind = PlainTextField(
        what="Act",
        longest=64,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "aria-label": "Act", "placeholder": "Act, like inventory.receive"}
        ),
    )
    site = PlainTextField(
        what="Site",
        longest=16,
        required=False,
        widget=forms.TextInput(attrs={"aria-label": "Site", "placeholder": "Site code", "size": 10}),
    )
    outcome = forms.ChoiceField(
        required=False,
        choices=[("", "Done or refused"), *((o.value, o.label) for o in Command.Outcome)],
        widget=forms.Select(attrs={"aria-label": "Outcome"}),
    )
    since = PlainDayField(required=False, label="From")
    until = PlainDayField(required=False, label="To")
    cursor = forms.CharField(required=False, max_length=600)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.order_by("name").values_list("username", "name")
        widget = self.fields["person"].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", "Everybody"), *people]

    def filters(self) -> LogFilters:
        given = {name: value for name, value in self.cleaned_data.items() if name != "cursor"}
        return LogFilters(**given)


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
