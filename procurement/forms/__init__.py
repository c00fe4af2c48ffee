"""Forms of procurement's pages. Private to this app."""

from procurement.forms.deliveries import DeliveriesFilterForm, DeliveryForm
from procurement.forms.lines import OrderForm
from procurement.forms.orders import OrderActForm, OrdersFilterForm
from procurement.forms.suppliers import SupplierEditForm, SupplierForm, SuppliersFilterForm

__all__ = [
    "DeliveriesFilterForm",
    "DeliveryForm",
    "OrderActForm",
    "OrderForm",
    "OrdersFilterForm",
    "SupplierEditForm",
    "SupplierForm",
    "SuppliersFilterForm",
]
