"""Names of reference data (elements, forms, the places of every site) in the language that is spoken.

They are recorded in English, so programs and the log read the same whoever wrote them.
"""

from collections.abc import Iterable

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from config.ui import recorded
from inventory.models import Place, Verdict

# Reasons that the system gives where no person did.
REASONS = (
    _("Received, not yet accepted"),
    _("Retest or expiry date passed"),
    _("Retest failed"),
    _("Split off {lot}"),
    _("More than 6 months left to {day}"),
    _("3 to 6 months left to {day}"),
    _("Under 3 months left to {day}"),
)
KINDS_OF_PLACE = {place.value: place.label for place in Place}
VERDICTS = {verdict.value: verdict.label for verdict in Verdict}
ELEMENTS = (
    _("aluminum"),
    _("antimony"),
    _("arsenic"),
    _("barite"),
    _("beryllium"),
    _("bismuth"),
    _("boron"),
    _("cerium"),
    _("cesium"),
    _("chromium"),
    _("cobalt"),
    _("copper"),
    _("dysprosium"),
    _("erbium"),
    _("europium"),
    _("fluorspar"),
    _("gadolinium"),
    _("gallium"),
    _("germanium"),
    _("graphite"),
    _("hafnium"),
    _("holmium"),
    _("indium"),
    _("iridium"),
    _("lanthanum"),
    _("lead"),
    _("lithium"),
    _("lutetium"),
    _("magnesium"),
    _("manganese"),
    _("metallurgical coal"),
    _("neodymium"),
    _("nickel"),
    _("niobium"),
    _("palladium"),
    _("phosphate"),
    _("platinum"),
    _("potash"),
    _("praseodymium"),
    _("rhenium"),
    _("rhodium"),
    _("rubidium"),
    _("ruthenium"),
    _("samarium"),
    _("scandium"),
    _("silicon"),
    _("silver"),
    _("tantalum"),
    _("tellurium"),
    _("terbium"),
    _("thulium"),
    _("tin"),
    _("titanium"),
    _("tungsten"),
    _("uranium"),
    _("vanadium"),
    _("ytterbium"),
    _("yttrium"),
    _("zinc"),
    _("zirconium"),
    _("iron"),
    _("thorium"),
)
FORMS = (
    _("sea-floor nodules"),
    _("concentrate"),
    _("carbonate"),
    _("hydroxide"),
    _("sulfate"),
    _("halide"),
    _("oxide"),
    _("flake"),
    _("sponge"),
    _("metal powder"),
    _("cathode"),
    _("metal"),
    _("ferro-alloy"),
    _("alloy"),
    _("magnet block"),
    _("finished magnet part"),
)
# What a new site's places are called until somebody renames them.
PLACES = (
    _("Quarantine"),
    _("In transit"),
    _("At a processor"),
    _("On loan"),
    _("Suppliers"),
    _("Consumers"),
    _("Process"),
    _("Samples"),
    _("Losses"),
    _("Gains"),
)


LANE = _("On the way to {site}")


def spoken(name: str) -> str:
    """The name in the language that is spoken, with its capital; `Neodymium, oxide` part by part. What people named stays."""
    return ", ".join(_part(part) for part in name.split(", ")) if name else name


def lower(name: str) -> str:
    """The name as it stands within a sentence; a symbol or an abbreviation keeps its capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] in " -" else name


def told(reason: str) -> str:
    """A reason in the language that is spoken where the system gave it; what a person wrote stays."""
    return recorded.told(reason, REASONS)


def _kinds(kinds: Iterable[str]) -> str:
    return gettext(" or ").join(str(KINDS_OF_PLACE[kind]).lower() for kind in kinds)


# Kinds of place within a sentence, in the language of whoever reads it: `store or quarantine`.
kinds_of_place = lazy(_kinds, str)


def capital(name: str) -> str:
    """The name as it begins a sentence or stands alone."""
    return name[:1].upper() + name[1:]


def lane(site: str) -> str:
    """The name of a lane that leads to a site, as it is recorded: in English."""
    return LANE.format(site=site)


def _part(part: str) -> str:
    if part.startswith(_LANE):
        return gettext(LANE).format(site=part.removeprefix(_LANE))
    known = _KNOWN.get(part.lower())
    if known is None:
        return part
    words = gettext(known)
    return capital(words) if part[:1].isupper() else words


_LANE = LANE.format(site="")
_KNOWN = {words.lower(): words for words in (*ELEMENTS, *FORMS, *PLACES)}
