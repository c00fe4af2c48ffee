"""A button of a row that writes: a form of its own, with its key."""

from uuid import uuid4

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString


def post(request: HttpRequest, action: str, label: str, about: str) -> SafeString:
    """The button; `about` is read after its label and not seen."""
    return format_html(
        '<form method="post" action="{}" data-unguarded><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="key" value="{}"><button type="submit">{}<span class="unseen"> {}</span></button></form>',
        *(action, get_token(request), uuid4(), label, about),
    )
