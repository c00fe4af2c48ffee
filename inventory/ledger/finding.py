"""Looking up what an act names, within what its actor may see: a foreign thing is as absent as one that is not there."""

import unicodedata

from config.accounts.matrix import permits_at, require
from config.accounts.models import User
from config.audit.refused import Stale
from inventory.ledger.refusals import LocationNotFound, LotNotFound, MaterialNotFound, WrongPlace
from inventory.models import HOLDING, Location, Lot, Material, Place


def number_key(number: str) -> str:
    """The form in which lot numbers are compared: NFKC, case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", number).casefold().split())


def lot(actor: User, number: str, *, act: str | None = None) -> Lot:
    """The lot of this number, if the actor may see it (or may do `act` at all). Raises LotNotFound, NotAllowed."""
    if act:
        require(actor, act)
    found = Lot.objects.visible_to(actor).filter(number_key=number_key(number)).select_related("material", "assay").first()
    if found is None:
        raise LotNotFound(lot=number)
    return found


def location(actor: User, code: str, *, act: str, kinds: tuple[str, ...], field: str = "location") -> Location:
    """An active location of one of `kinds` at a site where the actor may do `act`.

    A lane's far end counts as its site too, so that the receiving site can take a lot out of transit. Raises
    LocationNotFound, WrongPlace, NotAllowed.
    """
    require(actor, act)
    found = Location.objects.select_related("site", "bound_for").filter(code=code, is_active=True).first()
    sites = [found.site.code] if found else []
    if found and found.bound_for:
        sites.append(found.bound_for.code)
    if found is None or not any(permits_at(actor, act, site) for site in sites):
        missing = LocationNotFound(location=code)
        missing.field = field
        raise missing
    if found.kind not in kinds:
        wrong = WrongPlace(location=code, kind=found.kind, needed=" or ".join(kinds))
        wrong.field = field
        raise wrong
    return found


def holding(actor: User, code: str, *, act: str, field: str = "location") -> Location:
    """A location where lots lie, at a site where the actor may do `act`."""
    return location(actor, code, act=act, kinds=HOLDING, field=field)


def outside(site_id: int, kind: Place) -> Location:
    """The site's end of the world outside: its supplier, consumer, process, sample, loss or gain location."""
    return Location.objects.filter(site_id=site_id, kind=kind, is_active=True).order_by("pk")[0]


def material(code: str) -> Material:
    """The material of this code. Raises MaterialNotFound."""
    found = Material.objects.filter(code=code).first()
    if found is None:
        raise MaterialNotFound(material=code)
    return found


def unchanged(found: Lot, seen_seq: int | None) -> None:
    """Raise Stale when the lot has facts that the person's form did not know of."""
    if seen_seq is not None and found.last_seq != seen_seq:
        raise Stale(what=f"Lot {found.number}")
