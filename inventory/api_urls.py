"""Routes of the inventory under /api/."""

from django.urls import path

from config.approvals.api import register
from inventory.api import asks, catalogue, counts, findings, history, keeping, lots, movements, positions, receipts

for asking in asks.ASKINGS:
    register(asking)

urlpatterns = [
    path("elements/", catalogue.Elements.as_view(), name="api-elements"),
    path("materials/", catalogue.Materials.as_view(), name="api-materials"),
    path("sites/", catalogue.Sites.as_view(), name="api-sites"),
    path("locations/", catalogue.Locations.as_view(), name="api-locations"),
    path("kept/sites/", keeping.KeptSites.as_view(), name="api-kept-sites"),
    path("kept/sites/<str:code>/", keeping.KeptSite.as_view(), name="api-kept-site"),
    path("kept/sites/<str:code>/places/", keeping.KeptPlaces.as_view(), name="api-kept-places"),
    path("kept/places/<str:code>/", keeping.KeptPlace.as_view(), name="api-kept-place"),
    path("kept/materials/", keeping.KeptMaterials.as_view(), name="api-kept-materials"),
    path("kept/materials/<str:code>/", keeping.KeptMaterial.as_view(), name="api-kept-material"),
    path("lots/", lots.Lots.as_view(), name="api-lots"),
    path("lots/<str:number>/", history.Lot.as_view(), name="api-lot"),
    path("lots/<str:number>/timeline/", history.Timeline.as_view(), name="api-lot-timeline"),
    path("lots/<str:number>/condition/", findings.LotCondition.as_view(), name="api-lot-condition"),
    path("lots/<str:number>/assay/", findings.LotAssay.as_view(), name="api-lot-assay"),
    path("lots/<str:number>/retest/", findings.LotRetest.as_view(), name="api-lot-retest"),
    path("lots/<str:number>/split/", findings.LotSplit.as_view(), name="api-lot-split"),
    path("lots/<str:number>/thaw/", findings.LotThaw.as_view(), name="api-lot-thaw"),
    path("receipts/", receipts.Receipts.as_view(), name="api-receipts"),
    path("movements/", movements.Movements.as_view(), name="api-movements"),
    path("counts/", counts.Counts.as_view(), name="api-counts"),
    path("positions/", positions.Positions.as_view(), name="api-positions"),
]
