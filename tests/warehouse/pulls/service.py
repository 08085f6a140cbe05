"""A JSON service on this machine that can be unwell: it fails by a seeded draw, hands out pages, knows ETags."""

from __future__ import annotations

import hashlib
import json
import random
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 7
_TROUBLES = ("500", "503", "429", "cut", "dropped", "not json")


@dataclass
class Service:
    """What the service holds and how unwell it is."""

    records: list[dict[str, Any]]
    address: str = ""
    authorization: str | None = None
    share_of_failures: float = 0.0
    draws: random.Random = field(default_factory=lambda: random.Random(1))
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    failures: int = 0
    number: str = ""
    """Stands, as it is, where a record says "@"."""
    same_answer: dict[str, Any] | None = None
    before_answer: Callable[[Service, dict[str, str]], tuple[int, dict[str, str]] | None] = lambda *_: None

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        """A page, whichever way it is asked for."""
        if self.same_answer is not None:
            return self.same_answer
        first = int(query.get("offset") or query.get("cursor") or (int(query.get("page", 1)) - 1) * PAGE_SIZE)
        page = self.records[first : first + PAGE_SIZE] if "all" not in query else self.records
        following = first + PAGE_SIZE if first + PAGE_SIZE < len(self.records) else None
        return {
            "data": {"items": page, "total": len(self.records)},
            "next": following and str(following),
            "next_link": following and f"/hoso?cursor={following}",
        }


class _Handler(BaseHTTPRequestHandler):
    service: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.service.requests.append(self.path)
        self.service.headers.append(dict(self.headers))
        if self.service.authorization and self.headers.get("Authorization") != self.service.authorization:
            self._say(401, b"{}", {})
        elif said := self.service.before_answer(self.service, query):
            self._say(said[0], b"{}", said[1])
        elif self.service.draws.random() < self.service.share_of_failures:
            self.service.failures += 1
            self._fail(self.service.draws.choice(_TROUBLES))
        else:
            self._answer(query)

    def _answer(self, query: dict[str, str]) -> None:
        body = json.dumps(self.service.answer(query), ensure_ascii=False).replace('"@"', self.service.number).encode()
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if self.headers.get("If-None-Match") == etag:
            self._say(304, b"", {})
        else:
            self._say(200, body, {"ETag": etag} | self._link(query))

    def _link(self, query: dict[str, str]) -> dict[str, str]:
        following = self.service.answer(query).get("next_link")
        return {"Link": f'<{following}>; rel="next"'} if following else {}

    def _fail(self, trouble: str) -> None:
        if trouble.isdigit():
            self._say(int(trouble), b"{}", {"Retry-After": "0"})
        elif trouble == "not json":
            self._say(200, b"<html>502</html>", {})
        else:
            self.close_connection = True
            if trouble == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"data": {"items": [')

    def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(records: Sequence[dict[str, Any]], certificate: Path | None = None) -> Iterator[Service]:
    """The service, listening on this machine; with a file of certificate and key, over TLS."""
    service = Service(list(records))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"service": service}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    service.address = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}/hoso"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
