"""What the ledger refuses. Masses in the facts are decimal strings in kg."""

from django.utils.translation import gettext_lazy as _

from config.audit.refused import Refused


class LotNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no lot {lot} that you may see.")
    field = "lot"


class LotElsewhere(Refused):
    code = "lot_elsewhere"
    status = 403
    template = _(
        "Not all of lot {lot} lies at sites of yours, and this is about the whole lot. "
        "Split off what you have and do it to that part, or ask somebody where the rest lies."
    )
    field = "lot"


class LocationNotFound(Refused):
    code = "location_not_found"
    status = 404
    template = _("There is no location {location} that you may use.")
    field = "location"


class MaterialNotFound(Refused):
    code = "material_not_found"
    status = 404
    template = _("There is no material {material}. Choose one from the catalogue.")
    field = "material"


class MovementNotFound(Refused):
    code = "not_found"
    status = 404
    template = _("There is no movement {movement} that you may see.")
    field = "movement"


class WrongPlace(Refused):
    code = "wrong_place"
    status = 422
    template = _("{location} is a {kind} location; this needs {needed}.")
    field = "destination"


class SamePlace(Refused):
    code = "same_place"
    status = 422
    template = _("Origin and destination are both {location}. Choose another destination.")
    field = "destination"


class InsufficientStock(Refused):
    code = "insufficient_stock"
    template = _("Lot {lot} has {free_kg} kg free at {location} ({held_kg} kg held); {asked_kg} kg were asked for.")
    field = "net_kg"


class NotAllocated(Refused):
    code = "not_allocated"
    template = _("Lot {lot} has {allocated_kg} kg allocated at {location}; {asked_kg} kg cannot be released.")


class NegativeOnADay(Refused):
    code = "negative_on_a_day"
    template = _(
        "With this entry lot {lot} would have had less than nothing free at {location} on {day}. Check mass and moment."
    )
    field = "occurred_at"


class BeforeReceipt(Refused):
    code = "before_receipt"
    status = 422
    template = _("Lot {lot} was received at {received_at}; nothing can have happened to it before.")
    field = "occurred_at"


class Frozen(Refused):
    code = "frozen"
    template = _("Lot {lot} is frozen: its records differ from the ledger. An auditor has to look at it first.")


class DuplicateLotNumber(Refused):
    code = "duplicate_lot_number"
    template = _("There is already a lot {number}. Lot numbers are compared without case and width.")
    field = "lot_number"


class NotYet(Refused):
    code = "not_supported_yet"
    status = 422
    template = _("{what} cannot be recorded yet. Leave it out; put what you know in the reason.")


class TooMuchContained(Refused):
    code = "fractions_over_100_pct"
    status = 422
    template = _("The element fractions add up to {total_pct} %; more than 100 % of a lot cannot be anything.")
    field = "assay"


class UnknownElement(Refused):
    code = "unknown_element"
    status = 422
    template = _("{symbol} is not in the catalogue of elements.")
    field = "assay"


class BadFraction(Refused):
    code = "bad_fraction"
    status = 422
    template = _("{what} must be above 0 and at most 100 %, with at most 10 digits; {value} is not.")
    field = "assay"


class NotMoistureBearing(Refused):
    code = "not_moisture_bearing"
    status = 422
    template = _("{material} bears no moisture; leave moisture out or check the material.")
    field = "moisture_pct"


class NothingMeasured(Refused):
    code = "nothing_measured"
    status = 422
    template = _("The assay names no element. Give the fraction of each element that was measured.")
    field = "assay"


class NoneOfMaterial(Refused):
    code = "none_of_material"
    status = 422
    template = _(
        "The assay names nothing that {material} is held for ({elements}). Check the elements, or which material it is."
    )
    field = "assay"


class BadProduction(Refused):
    code = "produced_after_receipt"
    status = 422
    template = _("Something received on {received_on} cannot have been produced on {produced_on}.")
    field = "produced_on"


class BadParts(Refused):
    code = "bad_parts"
    status = 422
    template = _("{why}")
    field = "parts"


class AssayRequired(Refused):
    code = "assay_required"
    status = 422
    template = _(
        "Lot {lot} has no laboratory assay. {material} counts by assay only: record one before you accept the lot."
    )


class RetestOverdue(Refused):
    code = "retest_overdue"
    template = _("Lot {lot} was due for test or expired on {due_on}. Record a passed retest before you accept it.")


class Expired(Refused):
    code = "expired"
    status = 422
    template = _("Lot {lot} expired on {expires_on}. Type I shelf life cannot be extended by a retest.")


class NothingChanges(Refused):
    code = "nothing_changes"
    status = 422
    template = _("Lot {lot} already is in condition {condition}.")
    field = "condition"


class UnknownCondition(Refused):
    code = "unknown_condition"
    status = 422
    template = _("{condition} is not a condition code.")
    field = "condition"


class NotHere(Refused):
    code = "not_here"
    status = 422
    template = _(
        "By the books nothing of lot {lot} lies at {location}. Count it where it lies, or have it moved first."
    )
    field = "location"


class HappenedSince(Refused):
    code = "happened_since"
    template = _(
        "Lot {lot} was last moved or counted at {location} at {latest_at}; a count of before cannot be held against the"
        " books. Count it again, and give the moment of that count."
    )
    field = "occurred_at"


class UnknownSeals(Refused):
    code = "unknown_seals"
    status = 422
    template = _("{seals} is not a state of seals. Say intact, broken or none.")
    field = "seals"


class AlreadyReversed(Refused):
    code = "already_reversed"
    template = _("Movement {movement} was already reversed by movement {by}.")


class NotReversible(Refused):
    code = "not_reversible"
    status = 422
    template = _("Movement {movement} cannot be reversed on its own: {why}.")


class BadRetestDate(Refused):
    code = "bad_retest_date"
    status = 422
    template = _("{why}")
    field = "next_due_on"


class NoRetest(Refused):
    code = "no_retest"
    status = 422
    template = _("{material} has no retest interval; give the next due date, or leave the lot as it is.")
