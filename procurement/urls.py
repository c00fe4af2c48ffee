"""Addresses of procurement's pages. A number or code has no slash, so what follows it is the act."""

from django.urls import path

from procurement.views import deliveries, drafting, orders, suppliers

urlpatterns = [
    path("orders/", orders.listing, name="orders"),
    path("orders/new/", drafting.order_new, name="order-new"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/edit/", drafting.order_edit, name="order-edit"),
    path("orders/<str:number>/<slug:act>/", orders.act, name="order-act"),
    path("deliveries/", deliveries.listing, name="deliveries"),
    path("deliveries/<int:pk>/receive/", deliveries.receive, name="delivery-receive"),
    path("suppliers/", suppliers.listing, name="suppliers"),
    path("suppliers/new/", suppliers.supplier_new, name="supplier-new"),
    path("suppliers/<str:code>/", suppliers.supplier, name="supplier"),
    path("suppliers/<str:code>/edit/", suppliers.supplier_edit, name="supplier-edit"),
]
