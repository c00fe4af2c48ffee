"""Why an export is refused."""

from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused


class ExportNotFound(Refused):
    code = "export_not_found"
    status = 404
    template = _("There is no such export.")


class UnknownList(Refused):
    code = "unknown_list"
    status = 422
    template = _("There is no list {list}. Choose among: {lists}.")
    field = "list"


class UnknownFormat(Refused):
    code = "unknown_format"
    status = 422
    template = _("{format} is no format. Choose xlsx, csv or plain.")
    field = "format"


class NotReady(Refused):
    code = "export_not_ready"
    status = 409
    template = _("There is no file: this export is {state}.")


class Gone(Refused):
    code = "export_gone"
    status = 410
    template = _("The file was kept for {hours} hours and is gone. Export the list again.")


class UnderWay(Refused):
    code = "export_under_way"
    template = _(
        "A long export of yours is being made already. Wait until it is ready, or cancel it on the page Exports; then export "
        "this list."
    )


class KeptTooMuch(Refused):
    code = "export_kept_too_much"
    template = _(
        "Your exported files take up the {most} MB that are kept for one person. Fetch those that you need on the page Exports; "
        "each is cleared in the night after {hours} hours. Export this list then."
    )


class RightsChanged(Refused):
    code = "rights_changed"
    status = 403
    template = _(
        "Your roles or sites changed since this was asked for. Export the list again: it shows what you may see now."
    )


class TooLongForACell(Refused):
    code = "too_long_for_a_cell"
    status = 422
    template = _(
        "In “{column}” stands a text of more than {most} characters, which a cell of a spreadsheet would cut off. Export the "
        "list as CSV, which holds it whole, or without this column."
    )


class TooManyRows(Refused):
    code = "too_many_rows"
    status = 422
    template = _("The list has more than {most} rows. Narrow it, and export it in parts.")


class TooLarge(Refused):
    code = "file_too_large"
    status = 422
    template = _("The file is larger than {most} MB. Narrow the list, or choose fewer columns.")
