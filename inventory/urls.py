"""Addresses of the inventory's pages. A lot number has no slash, so what follows it is the act."""

from django.urls import path

from inventory.views import lots, moves, places, quality, receipts

urlpatterns = [
    path("lots/", lots.listing, name="lots"),
    path("receive/", receipts.receive, name="receive"),
    path("lots/<str:number>/", lots.lot, name="lot"),
    path("lots/<str:number>/transfer/", moves.transfer, name="lot-transfer"),
    path("lots/<str:number>/sample/", moves.sample, name="lot-sample"),
    path("lots/<str:number>/split/", moves.split, name="lot-split"),
    path("lots/<str:number>/condition/", quality.condition, name="lot-condition"),
    path("lots/<str:number>/assay/", quality.assay, name="lot-assay"),
    path("lots/<str:number>/retest/", quality.retest, name="lot-retest"),
    path("lots/<str:number>/thaw/", quality.thaw, name="lot-thaw"),
    path("lots/<str:number>/adjust/", moves.adjust, name="lot-adjust"),
    path("lots/<str:number>/reverse/", moves.reverse, name="lot-reverse"),
    path("sites/", places.sites, name="sites"),
    path("sites/<str:code>/", places.site, name="site"),
    path("materials/", places.materials, name="materials"),
    path("materials/<str:code>/", places.material, name="material"),
]
