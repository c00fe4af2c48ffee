"""A provider of single sign-on on this machine: real HTTP, real keys. What it says is for the test to bend."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "reserve", "the client's secret"


class Provider:
    """Knows one person. `claims` and `key` are what the next token says and is signed with."""

    def __init__(self) -> None:
        self.key = self.other_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.published = self.key
        self.claims: dict[str, Any] = {}
        self.issuer = ""
        self.described: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.algorithm = "RS256"
        self.status = 200

    def goes(self, address: str, code: str = "a-code") -> dict[str, str]:
        """What a browser brings back that was sent to `address` and signed in there."""
        self.asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        return {"state": self.asked["state"], "code": code}

    def token(self) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "sub": "1f3", "iat": now, "exp": now + 60}
        said |= {"nonce": self.asked.get("nonce"), "preferred_username": "ana", **self.claims}
        said = {name: value for name, value in said.items() if value is not None}
        key: Any = self.key if self.algorithm != "HS256" else "x" * 64
        signer: Any = None if self.algorithm == "none" else key
        return jwt.encode(said, signer, self.algorithm, headers={"kid": "k1"})

    def answer(self, path: str, body: dict[str, str], auth: str) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.described,
            }
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key()))
            return 200, {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(body.get("code_verifier", "").encode()).digest())
        right = (
            auth == base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            and challenge.rstrip(b"=").decode() == self.asked.get("code_challenge")
            and body.get("code") == "a-code"
            and body.get("redirect_uri") == self.asked.get("redirect_uri")
        )
        if not right or self.status != 200:
            return self.status if self.status != 200 else 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.token(), "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = {name: value[0] for name, value in parse_qs(self.rfile.read(length).decode()).items()}
            status, said = provider.answer(
                self.path, body, self.headers.get("Authorization", "").removeprefix("Basic ")
            )
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
