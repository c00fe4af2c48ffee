"""Addresses of the inventory's pages. A lot number has no slash, so what follows it is the act."""

from django.urls import path

from inventory.views import keeping, lots, moves, places, quality, receipts

urlpatterns = [
    path("lots/", lots.listing, name="lots"),
    path("movements/", lots.movements, name="movements"),
    path("rounds/", lots.rounds_due, name="rounds"),
    path("receive/", receipts.receive, name="receive"),
    path("lots/<str:number>/", lots.lot, name="lot"),
    path("lots/<str:number>/transfer/", moves.transfer, name="lot-transfer"),
    path("lots/<str:number>/sample/", moves.sample, name="lot-sample"),
    path("lots/<str:number>/split/", moves.split, name="lot-split"),
    path("lots/<str:number>/condition/", quality.condition, name="lot-condition"),
    path("lots/<str:number>/assay/", quality.assay, name="lot-assay"),
    path("lots/<str:number>/retest/", quality.retest, name="lot-retest"),
    path("lots/<str:number>/count/", quality.count, name="lot-count"),
    path("lots/<str:number>/thaw/", quality.thaw, name="lot-thaw"),
    path("lots/<str:number>/adjust/", moves.adjust, name="lot-adjust"),
    path("lots/<str:number>/issue/", moves.issue, name="lot-issue"),
    path("lots/<str:number>/reverse/", moves.reverse, name="lot-reverse"),
    path("sites/", places.sites, name="sites"),
    path("sites/<str:code>/", places.site, name="site"),
    path("materials/", places.materials, name="materials"),
    path("materials/new/", keeping.material_new, name="material-new"),
    path("materials/<str:code>/edit/", keeping.material_edit, name="material-edit"),
    path("kept/sites/", keeping.listing, name="kept-sites"),
    path("kept/sites/new/", keeping.site_new, name="kept-site-new"),
    path("kept/sites/<str:code>/", keeping.site, name="kept-site"),
    path("kept/sites/<str:code>/edit/", keeping.site_edit, name="kept-site-edit"),
    path("kept/sites/<str:code>/places/new/", keeping.place_new, name="kept-place-new"),
    path("kept/places/<str:code>/", keeping.place_edit, name="kept-place"),
    path("materials/<str:code>/", places.material, name="material"),
]
