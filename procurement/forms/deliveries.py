"""Narrowing the list of deliveries, and receiving one."""

from dataclasses import replace
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts.models import User
from config.audit.forms import FilterForm, choose, chosen
from inventory import attention, ledger, sites
from inventory.shapes import ReceiveForm
from procurement.deliveries import ExpectedRow
from procurement.forms.listing import late

RECEIVING = ("store", "quarantine")


class DeliveriesFilterForm(FilterForm):
    NARROWING = ("site", "late")

    site = chosen(_("Site"), longest=16, required=False)
    late = late(_("Late or not"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = [(row["code"], row["name"]) for row in sites.visible(user)]
        choose(self, "site", [("", gettext("All sites")), *mine])


class DeliveryForm(ReceiveForm):
    """A receipt whose material and site the order line says."""

    def __init__(self, *args: Any, line: ExpectedRow, user: User, **options: Any) -> None:
        self.line = line
        super().__init__(*args, user=user, **options)
        del self.fields["material"]
        here = sites.locations(user, site=line.site, kinds=RECEIVING)
        choose(
            self,
            "location",
            [("", gettext("Choose a place")), *[(row.code, f"{row.code} · {row.name}") for row in here]],
        )
        beside = attention.store_of_latest(user=user, materials=[line.material]).get((line.site, line.material))
        if beside:
            self.fields["location"].help_text = gettext(
                "More of it lies at {places}. It is on hold (J) until another person accepts it."
            ).format(places=beside)
        for row, part in zip(self.assay_lines(), self.catalogue[line.material].elements, strict=False):
            self.fields[row.element].initial = part["symbol"]

    def papers(self) -> list[BoundField]:
        """The fields of the assay, without moisture where the material bears none."""
        return [bound for bound in super().papers() if self.line.moisture_bearing or bound.name != "moisture_pct"]

    def arrived(self) -> list[tuple[BoundField, bool, bool]]:
        """The fields of what came and where it was put."""
        return [line for line in super().arrived() if line[0].name != "moisture_pct"]

    def symbols(self) -> tuple[str, ...]:
        self.cleaned_data["material"] = self.line.material
        return super().symbols()

    def arrival(self) -> ledger.Arrival:
        """What came, as the ledger takes it."""
        self.cleaned_data["material"] = self.line.material
        return replace(super().arrival(), site=self.line.site)
