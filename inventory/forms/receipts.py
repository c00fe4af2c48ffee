"""Receiving a lot: what came, where it was put, and what its papers say."""

from typing import Any, ClassVar

from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import permits_at
from config.accounts.models import User
from config.audit.forms import ActForm, PlainDayField, PlainTextField, choose, chosen
from inventory import catalogue, sites, units
from inventory.forms.fields import NOWHERE, AssayMixin, MassMixin, moisture, occurred_at, pairs, reason
from inventory.forms.moves import by_site
from inventory.ledger import Arrival
from inventory.models import Place


class ReceiveForm(MassMixin, AssayMixin, ActForm):
    """One lot that arrived at a store or quarantine place of the person's own sites."""

    RENAMED: ClassVar[dict[str, str]] = {"net_kg": "quantity", "assay": "percent_1"}
    SCANNED = frozenset({"material", "location", "supplier_lot", "lot_number"})
    LINES = 4
    material = chosen(_("Material"), longest=48)
    location = chosen(_("Where it lies"), longest=48, help_text=_("It is on hold (J) until another person accepts it."))
    supplier_lot = PlainTextField(what=_("Supplier's lot"), longest=80, required=False)
    lot_number = PlainTextField(
        what=_("Our lot number"), longest=40, required=False, help_text=_("Leave empty for the next of ours.")
    )
    produced_on = PlainDayField(label=_("Produced on"), required=False, help_text=_("Shelf life counts from here."))
    occurred_at = occurred_at()
    moisture_pct = moisture()
    reason = reason(required=False, hint=_("Anything that who accepts the lot should know."))
    field_order = (
        "material",
        "location",
        "quantity",
        "unit",
        "supplier_lot",
        "lot_number",
        "produced_on",
        "occurred_at",
        "reason",
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.catalogue = {row.code: row for row in catalogue.materials()}
        choose(self, "material", [("", gettext("Choose a material")), *self._materials()])
        places = [
            row
            for row in sites.locations(user, kinds=(Place.STORE, Place.QUARANTINE))
            if permits_at(user, "lots.receive", row.site)
        ]
        choose(self, "location", [*NOWHERE, *by_site(places)])
        self.fields["occurred_at"].label = gettext("Received at")
        self.fields["reason"].label = gettext("Remarks")
        self.add_lines()

    def _materials(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Materials grouped by form, along the chain."""
        grouped: dict[str, list[tuple[str, str]]] = {form["name"]: [] for form in catalogue.forms()}
        for row in self.catalogue.values():
            grouped[row.form_name].append((row.code, row.name))
        return [(name, sorted(rows, key=lambda pair: pair[1])) for name, rows in grouped.items() if rows]

    def symbols(self) -> tuple[str, ...]:
        row = self.catalogue.get(self.cleaned_data.get("material", ""))
        return tuple(line["symbol"] for line in row.elements) if row else ()

    def lines(self) -> list[tuple[BoundField, ...]]:
        return pairs(self, self.assay_lines())

    def papers(self) -> list[BoundField]:
        """The fields of the assay that are not lines."""
        return [self[name] for name in ("moisture_pct", "lab", "method", "sampled_on")]

    def papers_open(self) -> bool:
        """Whether something of the papers was given, or is wrong, so that it has to be seen."""
        names = [bound.name for bound in self.papers()] + [line.percent for line in self.assay_lines()]
        return any(self[name].errors or self[name].value() for name in names)

    def arrived(self) -> list[tuple[BoundField, bool, bool]]:
        """The fields of what came and where it was put."""
        papers = {bound.name for bound in self.papers()}
        return [line for line in self.shown() if line[0].name not in papers]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        said = [name for name in ("lab", "method", "sampled_on") if cleaned.get(name)]
        if said and not cleaned["fractions"] and not self.errors:
            self.add_error("percent_1", _("An assay needs at least one element with its percentage."))
        return cleaned

    def arrival(self) -> Arrival:
        """What came, as the ledger takes it."""
        given = self.cleaned_data
        net: units.Entered = given["net"]
        return Arrival(
            material=given["material"],
            location=given["location"],
            net=net,
            lot_number=given["lot_number"],
            supplier_lot=given["supplier_lot"],
            produced_on=given["produced_on"],
            moisture=given["moisture_pct"].scaleb(-2) if given["moisture_pct"] is not None else None,
            assay=self.assay(moisture=None) if given["fractions"] else None,
            reason=given["reason"],
        )
