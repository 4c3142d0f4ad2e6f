"""A small OpenID Connect provider on this machine: discovery, a page to choose who you are, signed tokens, logging out."""

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = ("welwijzer", "een-geheim-van-de-toets")


@dataclass
class Provider:
    """`people`: the claims of who can be chosen, by e-mail address. `problems`: what a client did that is not allowed."""

    address: str
    people: dict[str, dict[str, Any]]
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "toets", "use": "sig"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def chooser(self, asked: dict[str, str]) -> str:
        """The page on which a test chooses who it is."""
        links = []
        for email in self.people:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked | {"email": email}
            back = urlencode({"code": code, "state": asked["state"]})
            links.append(f'<p><a href="{html.escape(asked["redirect_uri"])}?{back}">{html.escape(email)}</a></p>')
        return f"<!doctype html><title>Wie ben je?</title>{''.join(links)}"

    def token(self, form: dict[str, str], client: tuple[str, str]) -> dict[str, Any]:
        """Tokens for a code, once, for the client that asked for it."""
        asked = self.codes.pop(form.get("code", ""), None)
        if client != CLIENT or asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            self.problems.append("a code that is not the client's")
            return {"error": "invalid_grant"}
        if "code_challenge" in asked:
            proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != asked["code_challenge"]:
                self.problems.append("a proof that does not fit")
                return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT[0], "iat": now, "exp": now + 600, "sub": asked["email"]}
        claims |= self.people[asked["email"]] | ({"nonce": asked["nonce"]} if "nonce" in asked else {})
        signed = jwt.encode({"alg": "RS256", "kid": "toets"}, claims, self.key)
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "expires_in": 600,
            "id_token": signed,
        }


@contextmanager
def providing(people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """A provider at an address of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/.well-known/openid-configuration":
                self._answer(json.dumps(provider.discovery()), "application/json")
            elif address.path == "/jwks":
                self._answer(json.dumps({"keys": [provider.key.as_dict(private=False)]}), "application/json")
            elif address.path == "/authorize":
                self._answer(provider.chooser(asked), "text/html")
            elif address.path == "/logout":
                self.send_response(302)
                self.send_header("location", asked["post_logout_redirect_uri"])
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:  # noqa: N802 - as above
            body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            said = self.headers.get("authorization", "").partition("Basic ")[2]
            name, _, word = base64.b64decode(said).decode().partition(":")
            client = (name, word) if said else (form.get("client_id", ""), form.get("client_secret", ""))
            self._answer(json.dumps(provider.token(form, client)), "application/json")

        def _answer(self, body: str, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}", people)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
