"""Elements, forms, materials, sites and locations: what a lot can be of, and where it can lie."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.accounts.matrix import Reach, reach
from config.accounts.models import User
from config.audit.chain import registered


class Stage(models.TextChoices):
    MINING = "mining", _("Mining")
    SEPARATION = "separation", _("Separation")
    REDUCTION = "reduction", _("Reduction")
    ALLOYING = "alloying", _("Alloying")
    MAGNET_MAKING = "magnet making", _("Magnet making")


class Place(models.TextChoices):
    """Kinds of location. The first five hold a balance; the others are the world outside."""

    STORE = "store", _("Store")
    QUARANTINE = "quarantine", _("Quarantine")
    TRANSIT = "transit", _("Transit")
    PROCESSOR = "processor", _("Processor")
    BORROWER = "borrower", _("Borrower")
    SUPPLIER = "supplier", _("Supplier")
    CONSUMER = "consumer", _("Consumer")
    PROCESS = "process", _("Process")
    SAMPLE = "sample", _("Sample")
    LOSS = "loss", _("Loss")
    GAIN = "gain", _("Gain")


HOLDING = (Place.STORE, Place.QUARANTINE, Place.TRANSIT, Place.PROCESSOR, Place.BORROWER)


class Element(models.Model):
    """A counted element, or a mineral of the critical list that is counted as itself."""

    symbol = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=64)
    group = models.CharField(max_length=16, blank=True)
    on_2022_list = models.BooleanField(default=False)
    on_2025_list = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(),
            pgtrigger.ReadOnly(name="symbol_never_changes", fields=["symbol"]),  # assays name elements by it
        ]

    def __str__(self) -> str:
        return self.symbol


class Form(models.Model):
    """A form in which an element is held; `rank` orders forms along the chain."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    stage = models.CharField(max_length=16, choices=Stage)
    rank = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        constraints = [models.CheckConstraint(name="form_stage_is_known", condition=Q(stage__in=Stage.values))]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """Element(s) x form x grade. Shelf life: type I expires for good, type II may be retested and extended."""

    class ShelfLife(models.TextChoices):
        NONE = "none", _("None")
        TYPE_I = "I", _("Type I: expires")
        TYPE_II = "II", _("Type II: retest and extend")

    class Basis(models.TextChoices):
        NET = "net", _("Net mass")
        CONTAINED = "contained", _("Contained element")

    code = models.SlugField(max_length=48, unique=True)
    name = models.CharField(max_length=120)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="materials")
    grade = models.CharField(max_length=64, blank=True)
    formula = models.CharField(max_length=64, blank=True)
    unit = models.CharField("display unit", max_length=8, default="kg")
    basis = models.CharField("display basis", max_length=9, choices=Basis, default=Basis.NET)
    shelf_life_type = models.CharField(max_length=4, choices=ShelfLife, default=ShelfLife.NONE)
    shelf_life_months = models.PositiveSmallIntegerField(null=True, blank=True)
    retest_months = models.PositiveSmallIntegerField("retest interval, months", null=True, blank=True)
    hazard_class = models.CharField(max_length=16, blank=True)
    un_number = models.CharField(max_length=8, blank=True)
    moisture_bearing = models.BooleanField(default=False)
    assay_required = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="material_basis_is_known", condition=Q(basis__in=["net", "contained"])),
            models.CheckConstraint(
                name="material_type_i_has_a_shelf_life",
                condition=~Q(shelf_life_type="I") | Q(shelf_life_months__isnull=False),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return self.name


class MaterialElement(models.Model):
    """Mass fraction of one element in a material, on dry mass, frozen with its source and date."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="elements")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="materials")
    fraction = models.DecimalField(max_digits=11, decimal_places=10)
    source = models.CharField(max_length=300)
    dated_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="material_element_once", fields=["material", "element"]),
            models.CheckConstraint(name="material_fraction_in_0_1", condition=Q(fraction__gt=0, fraction__lte=1)),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return f"{self.element_id} in {self.material_id}: {self.fraction}"


class SiteQuerySet(models.QuerySet["Site"]):
    def visible_to(self, user: User) -> Self:
        """Sites that the person works at, or all."""
        match reach(user, "sites.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(code__in=user.site_codes)
        return self.none()


class Site(models.Model):
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints = [
            # Bounds on both sides: NaN is more than any number to PostgreSQL.
            models.CheckConstraint(
                name="site_latitude_is_one", condition=Q(latitude__isnull=True) | Q(latitude__gte=-90, latitude__lte=90)
            ),
            models.CheckConstraint(
                name="site_longitude_is_one",
                condition=Q(longitude__isnull=True) | Q(longitude__gte=-180, longitude__lte=180),
            ),
            models.CheckConstraint(
                name="site_coordinates_come_together",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [registered()]

    def __str__(self) -> str:
        return self.name


class LocationQuerySet(models.QuerySet["Location"]):
    def visible_to(self, user: User) -> Self:
        """Locations of the person's sites, and the lanes that lead there."""
        match reach(user, "sites.see"):
            case Reach.ALL:
                return self
            case Reach.OWN:
                return self.filter(Q(site__code__in=user.site_codes) | Q(bound_for__code__in=user.site_codes))
        return self.none()


class Location(models.Model):
    """A place at a site. A transit lane belongs to the sender's site and names the site that it is bound for."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="locations")
    kind = models.CharField(max_length=10, choices=Place)
    bound_for = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="location_kind_is_known", condition=Q(kind__in=Place.values)),
            models.CheckConstraint(
                name="only_transit_is_bound_for_a_site",
                condition=Q(bound_for__isnull=True) | (Q(kind="transit") & ~Q(bound_for=F("site"))),
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            registered(),
            # What lies there counts under both: moving a location would move mass without a movement.
            pgtrigger.ReadOnly(name="place_never_changes", fields=["site", "kind"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def holds(self) -> bool:
        """True when lots lie here, with a balance; False for the world outside."""
        return self.kind in HOLDING
