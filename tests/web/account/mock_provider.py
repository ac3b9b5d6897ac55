"""An OpenID Connect provider on this machine, with what can be wrong about one."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "madoguchi", "a secret: of the client"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class MockProvider:
    """Answers as a provider does; `wrong` changes the claims of the next id_tokens, `key` who signs them."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/oauth/"
        self.told_issuer = self.issuer
        self.claims: dict[str, object] = {"sub": "person-1"}
        self.wrong: dict[str, object] = {}
        self.key: object = KEY
        self.algorithm = "RS256"
        self.userinfo_subject: str | None = None
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def authorize(self, address: str) -> str:
        """What the person does there: agree; returns where the provider leads back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _discovery(self) -> dict[str, object]:
        return {
            "issuer": self.told_issuer,
            "authorization_endpoint": self.issuer + "authorize",
            "token_endpoint": self.issuer + "token",
            "userinfo_endpoint": self.issuer + "userinfo",
            "jwks_uri": self.issuer + "jwks",
        }

    def _token(self, form: dict[str, str], authorization: str) -> dict[str, object] | None:
        """The tokens for a code, to a client that shows its secret and the verifier of its challenge."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = self._codes.pop(form.get("code", ""), None)
        if authorization != f"Basic {basic}" or asked is None:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": self.claims["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
        } | self.wrong
        claims = {name: value for name, value in claims.items() if value is not None}
        id_token = jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": "k1"})
        return {"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "id_token": id_token}

    def _answer(self, path: str, form: dict[str, str], authorization: str) -> object:
        name = path.removeprefix("/oauth/")
        if name == ".well-known/openid-configuration":
            return self._discovery()
        if name == "jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"}]}
        if name == "token":
            return self._token(form, authorization)
        if name == "userinfo" and authorization == "Bearer t":
            return self.claims | ({"sub": self.userinfo_subject} if self.userinfo_subject else {})
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                answer = provider._answer(self.path, form, self.headers.get("Authorization") or "")
                content = json.dumps(answer or {"error": "invalid_grant"}).encode()
                self.send_response(200 if answer else 400)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _do

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        return Handler
