"""Looking up what an act names, within what its actor may see: a foreign thing is as absent as one never made."""

import unicodedata
from datetime import datetime

from config.accounts.matrix import Reach, permits_at, reach, require
from config.accounts.models import User
from config.audit import edge
from config.audit.commands import Opened
from config.audit.refused import Stale
from inventory.ledger.refusals import (
    Frozen,
    LocationNotFound,
    LotElsewhere,
    LotNotFound,
    MaterialNotFound,
    WrongPlace,
)
from inventory.models import HOLDING, Balance, Location, Lot, Material, Place
from inventory.models.lots import own_places
from inventory.names import kinds_of_place


def number_key(number: str) -> str:
    """The form in which lot numbers are compared: NFKC, case folded, single spaces, nothing that does not show."""
    key = number
    while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())) != key:
        key = folded
    return " ".join("".join(c for c in key if unicodedata.category(c) not in {"Cc", "Cf"} or c.isspace()).split())


def lot(actor: User, number: str, *, act: str | None = None) -> Lot:
    """The lot of this number, if the actor may see it (or may do `act` at all). Raises LotNotFound, NotAllowed."""
    if act:
        require(actor, act)
    found = Lot.objects.visible_to(actor).filter(number_key=number_key(number)).select_related("material").first()
    if found is None:
        raise LotNotFound(lot=number)
    return found


def held(opened: Opened, number: str, *, act: str, seen_seq: int | None = None, here: bool = False) -> Lot:
    """The lot, locked until the command ends: what is read of it now still holds when the entries are written.

    With `here`, the act is about the whole lot: a person of certain sites must have all that is left of it there.
    Raises LotNotFound, Frozen, Stale, LotElsewhere, NotAllowed.
    """
    return lock(opened, lot(opened.actor, number, act=act), act=act, seen_seq=seen_seq, here=here)


def lock(
    opened: Opened, found: Lot, *, act: str, seen_seq: int | None = None, here: bool = False, frozen: bool = False
) -> Lot:
    """As `held`, for a lot already found; with `frozen`, also one whose records differ."""
    # No join here: a row that was changed while we waited would come with the joined rows of before, or with none.
    row = Lot.objects.select_for_update(no_key=True).get(pk=found.pk)
    row.material = found.material
    if row.frozen_at and not frozen:
        raise Frozen(lot=row.number)
    if here and reach(opened.actor, act) is Reach.OWN and not _lies_with(opened.actor, row):
        raise LotElsewhere(lot=row.number)
    if seen_seq is not None and row.last_seq != seen_seq:
        raise Stale(what=f"Lot {row.number}")
    return row


def _lies_with(actor: User, row: Lot) -> bool:
    """Whether something is left of the lot, and all of it lies at the actor's sites or is on its way there."""
    left = Balance.objects.filter(lot=row, net_mg__gt=0)
    return 0 < left.count() == left.filter(own_places(actor, "location")).count()


def moment(opened: Opened, row: Lot, occurred_at: datetime | None) -> datetime:
    """When an act on a locked lot happened: as given, not ahead of now. Else now, and after all that is recorded.

    (Clocks of two hosts differ by a little: a thing done now never lies before what it was done to.)
    """
    return edge.not_ahead(occurred_at, now=opened.now) if occurred_at else max(opened.now, row.latest_at)


def location(
    actor: User,
    code: str,
    *,
    act: str,
    kinds: tuple[str, ...],
    field: str = "location",
    far_end: bool = False,
) -> Location:
    """An active location of one of `kinds` at a site where the actor may do `act`.

    With `far_end`, the site that a lane is bound for counts too, so that it can take a lot out of transit. Raises
    LocationNotFound, WrongPlace, NotAllowed.
    """
    require(actor, act)
    rows = Location.objects.select_related("site", "bound_for").filter(is_active=True)
    found = None if "\x00" in code else rows.filter(code=code).first()
    sites = [found.site.code] if found else []
    if found and found.bound_for and far_end:
        sites.append(found.bound_for.code)
    if found is None or not any(permits_at(actor, act, site) for site in sites):
        raise LocationNotFound(location=code).at(field)
    if found.kind not in kinds:
        raise WrongPlace(location=code, kind=kinds_of_place((found.kind,)), needed=kinds_of_place(kinds)).at(field)
    return found


def holding(actor: User, code: str, *, act: str, field: str = "location", far_end: bool = False) -> Location:
    """A location where lots lie, at a site where the actor may do `act`."""
    return location(actor, code, act=act, kinds=HOLDING, field=field, far_end=far_end)


def outside(site_id: int, kind: Place) -> Location:
    """The site's end of the world outside: its supplier, consumer, process, sample, loss or gain location."""
    return Location.objects.filter(site_id=site_id, kind=kind, is_active=True).order_by("pk")[0]


def material(code: str) -> Material:
    """The material of this code. Raises MaterialNotFound."""
    found = None if "\x00" in code else Material.objects.filter(code=code).first()
    if found is None:
        raise MaterialNotFound(material=code)
    return found
