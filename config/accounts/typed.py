"""What was typed into a form whose session had ended, for browsers without JavaScript (with it, ui/drafts.js does this).

It waits in the sign-in page itself, encrypted, so that whoever comes to the browser next reads none of it. Once its person
is in, the form is shown filled as it was; it is never sent by itself, because its key is replaced by one that no form takes.
Forms of secrets are not kept.
"""

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from config.accounts.sealing import seal
from config.audit.forms import NOT_SENT

FIELD = "typed"
LARGEST = 20_000
GOOD_FOR_S = 12 * 3600
SECRETS = frozenset({"password", "present", "new", "again", "code", "credential"})


def sealed(request: HttpRequest, *, person_id: int, page: str) -> str:
    """What was sent, to stand in the sign-in page that leads back to `page`; "" where there is nothing to keep."""
    sent = [[name, value] for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    if "key" not in request.POST or SECRETS & set(request.POST) or len(str(sent)) > LARGEST:
        return ""
    kept = {"person": person_id, "page": page, "action": request.path_info, "sent": sent}
    return _seal().encrypt(json.dumps(kept).encode()).decode()


def keep(request: HttpRequest, *, person_id: int) -> None:
    """Take it from the sign-in page into the session of who comes in; what another person typed is dropped."""
    try:
        kept = json.loads(_seal().decrypt(request.POST.get(FIELD, "").encode(), ttl=GOOD_FOR_S))
    except InvalidToken:
        return
    if kept["person"] == person_id:
        request.session[FIELD] = kept


def show_again(request: HttpRequest) -> None:
    """Make the first look at its page the look at the filled form."""
    kept = _due(request.session, request)
    if kept is None:
        return
    del request.session[FIELD]
    fields = QueryDict(mutable=True)
    for name, value in kept["sent"]:
        fields.appendlist(name, value)
    fields["key"] = NOT_SENT
    request.method = "POST"
    request.path = request.path_info = kept["action"]
    request._post, request._files = fields, MultiValueDict()  # type: ignore[attr-defined]  # as HttpRequest reads a body
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # nothing is done under this key


def _seal() -> Fernet:
    return seal(b"typed", settings.SECRET_KEY)


def _due(session: SessionBase, request: HttpRequest) -> dict[str, Any] | None:
    if request.method != "GET" or request.headers.get("HX-Request") or not session.session_key:
        return None
    kept: dict[str, Any] | None = session.get(FIELD)
    if not kept or session.get(SESSION_KEY) != str(kept["person"]) or kept["page"] != request.get_full_path():
        return None
    return kept
