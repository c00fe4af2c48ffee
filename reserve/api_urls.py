"""Routes of the reserve under /api/."""

from reserve.rotation.api_urls import rotation_urlpatterns

urlpatterns = [*rotation_urlpatterns]
