"""What every answer says to the browser beside Django's own headers and the content policy (config.settings)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

API = "/api/"
# Passkeys need the two of publickey-credentials; the reserve asks for no other power of the device.
PERMISSIONS = ", ".join(
    [
        *(
            f"{power}=()"
            for power in (
                "accelerometer",
                "autoplay",
                "camera",
                "display-capture",
                "encrypted-media",
                "fullscreen",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "screen-wake-lock",
                "usb",
                "xr-spatial-tracking",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class HeadersMiddleware:
    """Powers of the device are off, nothing is loaded by other sites, and no shared cache keeps a page or an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        kept = "no-store" if request.path_info.startswith(API) else "private, no-cache"
        response.headers.setdefault("Cache-Control", kept)
        return response
