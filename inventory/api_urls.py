"""Routes of the inventory under /api/."""

from django.urls import path

from config.approvals.api import register
from inventory.api import asks, catalogue, findings, lots, movements, positions, receipts

for asking in asks.ASKINGS:
    register(asking)

urlpatterns = [
    path("elements/", catalogue.Elements.as_view(), name="api-elements"),
    path("materials/", catalogue.Materials.as_view(), name="api-materials"),
    path("sites/", catalogue.Sites.as_view(), name="api-sites"),
    path("locations/", catalogue.Locations.as_view(), name="api-locations"),
    path("lots/", lots.Lots.as_view(), name="api-lots"),
    path("lots/<str:number>/", lots.Lot.as_view(), name="api-lot"),
    path("lots/<str:number>/condition/", findings.LotCondition.as_view(), name="api-lot-condition"),
    path("lots/<str:number>/assay/", findings.LotAssay.as_view(), name="api-lot-assay"),
    path("lots/<str:number>/retest/", findings.LotRetest.as_view(), name="api-lot-retest"),
    path("lots/<str:number>/split/", findings.LotSplit.as_view(), name="api-lot-split"),
    path("lots/<str:number>/thaw/", findings.LotThaw.as_view(), name="api-lot-thaw"),
    path("receipts/", receipts.Receipts.as_view(), name="api-receipts"),
    path("movements/", movements.Movements.as_view(), name="api-movements"),
    path("positions/", positions.Positions.as_view(), name="api-positions"),
]
