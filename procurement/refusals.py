"""What procurement refuses. Masses in the facts are decimal strings in kg."""

from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused


class SupplierNotFound(Refused):
    code = "supplier_not_found"
    status = 404
    template = _("There is no supplier {supplier} that you may see.")
    field = "supplier"


class SupplierInactive(Refused):
    code = "supplier_inactive"
    status = 422
    template = _("{supplier} is no longer in use. Choose another supplier, or take this one into use again.")
    field = "supplier"


class BadSupplierCode(Refused):
    code = "bad_code"
    status = 422
    template = _("{value} is not a supplier code. Use 2 to 16 capital letters, digits and hyphens, like LYNAS.")
    field = "code"


class BadCountry(Refused):
    code = "bad_country"
    status = 422
    template = _("{value} is not a country code. Write two letters like AU (ISO 3166).")
    field = "country"


class OrderNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no order {order} that you may see.")


class BadCurrency(Refused):
    code = "bad_currency"
    status = 422
    template = _("{value} is not a currency that orders are written in. Choose one of {known}.")
    field = "currency"


class BadLines(Refused):
    code = "bad_lines"
    status = 422
    template = _("An order has 1 to {most} lines; this has {count}.")
    field = "lines"


class BadLine(Refused):
    """Facts: line, what, why."""

    code = "bad_line"
    status = 422
    template = _("Line {line}: {why}")
    field = "lines"


class BadFundsDay(Refused):
    code = "bad_funds_day"
    status = 422
    template = _("{value} is no day on which money expires. Give a day from 2000 to 2199, or leave it empty.")
    field = "funds_expire_on"


class BadFlag(Refused):
    code = "bad_flag"
    status = 422
    template = _("{value} is not the number of a flag.")
    field = "flag_id"


class Incomplete(Refused):
    """Facts: order, and lines, each {"line", "missing": names of its fields}: all that is missing, at once."""

    code = "incomplete"
    status = 422
    template = _("{order} is not complete. {wanting}. Edit the order before you submit it.")
    needed: ClassVar[dict[str, Any]] = {"price_per_kg": _("no price"), "promised_on": _("no promised day")}

    @property
    def message(self) -> str:
        lines = [
            gettext("Line {line}: {wanting}").format(
                line=lack["line"], wanting=", ".join(str(self.needed[field]) for field in lack["missing"])
            )
            for lack in self.given["lines"]
        ]
        return str(self.template).format(order=self.given["order"], wanting="; ".join(lines))


class WrongState(Refused):
    code = "wrong_state"
    template = _("Order {order} is {state}; {act} is not possible now.")


class DeliveryNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no delivery {line} that you may see.")


class WrongMaterial(Refused):
    code = "wrong_material"
    status = 422
    template = _("Line {line} of {order} is for {ordered}; {arrived} cannot be received against it.")
    field = "material"


class WrongSite(Refused):
    code = "wrong_site"
    status = 422
    template = _("Line {line} of {order} delivers to {site}; {location} is no location there that you may use.")
    field = "location"


class LineCancelled(Refused):
    code = "line_cancelled"
    template = _("Line {line} of {order} was cancelled before anything arrived. Nothing can be received against it.")


class OverTolerance(Refused):
    code = "over_tolerance"
    status = 422
    template = _(
        "Line {line} of {order} is for {ordered_kg} kg with {tolerance_pct} % over at most, and {received_kg} kg have"
        " arrived: {most_kg} kg more can be received, {asked_kg} kg cannot."
    )
    field = "net_kg"
