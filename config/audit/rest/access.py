"""Who gets in."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.accounts import matrix

if TYPE_CHECKING:  # rest_framework.views imports this module through its settings
    from rest_framework.views import APIView

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


class Denied(BasePermission):
    """The default: a route that declares nothing is open to nobody."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False


class MayAct(BasePermission):
    """Opens a view to whoever may do `view.acts[method]` (or `view.act`) somewhere; doors check where.

    Raises NotAllowed, which says whose role would do. A method that the view does not have is let through to its 405.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return False
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in METHODS or not hasattr(view, method.lower()):
            return True
        act = getattr(view, "acts", {}).get(method, getattr(view, "act", None))
        if act is None:
            return False
        matrix.require(request.user, act)
        return True
