"""Routes of procurement under /api/."""

from django.urls import path

from procurement.api import deliveries, orders, suppliers

urlpatterns = [
    path("suppliers/", suppliers.Suppliers.as_view(), name="api-suppliers"),
    path("suppliers/<str:code>/", suppliers.Supplier.as_view(), name="api-supplier"),
    path("orders/", orders.Orders.as_view(), name="api-orders"),
    path("orders/<str:number>/", orders.Order.as_view(), name="api-order"),
    path("orders/<str:number>/submit/", orders.Submit.as_view(), name="api-order-submit"),
    path("orders/<str:number>/approve/", orders.Approve.as_view(), name="api-order-approve"),
    path("orders/<str:number>/send_back/", orders.SendBack.as_view(), name="api-order-send-back"),
    path("orders/<str:number>/place/", orders.Place.as_view(), name="api-order-place"),
    path("orders/<str:number>/cancel/", orders.Cancel.as_view(), name="api-order-cancel"),
    path("deliveries/", deliveries.Deliveries.as_view(), name="api-deliveries"),
    path("deliveries/<int:line_id>/receive/", deliveries.Receive.as_view(), name="api-delivery-receive"),
]
