"""What every answer says to the browser: powers off, no framing, no inline code, nothing kept by shared caches."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.audit.models import Command
from tests.pages import People
from tests.world import World

EVERYWHERE = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/lots/", "/nowhere/", "/api/lots/", "/api/nowhere/"])
def test_they_stand_on_every_answer(people: People, path: str) -> None:
    answer = people.ana.client.get(path)
    assert EVERYWHERE.items() <= dict(answer.headers).items()
    assert "camera=()" in answer["Permissions-Policy"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in answer["Cache-Control"] or answer["Cache-Control"] == "private, no-cache"


def test_an_answer_of_the_api_is_kept_nowhere(people: People) -> None:
    assert people.ana.client.get("/api/lots/")["Cache-Control"] == "no-store"


def test_no_host_but_ours_is_answered(people: People) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example"):
        assert people.ana.client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("path", ["/receive/", "/change-password/", "/search/"])
def test_no_form_takes_a_file(people: People, path: str) -> None:
    before = Command.objects.count()
    upload = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", "text/html")
    answer = people.ana.client.post(path, {"key": "x", "file": upload})
    assert answer.status_code in {400, 405}
    assert Command.objects.count() == before


def test_a_form_of_another_site_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.ana)
    answer = client.post("/receive/", {}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.post("/sign-out/").status_code == 403
