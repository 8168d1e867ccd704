"""Fixtures for tokens: key pairs of every kind, a real server that publishes keys, and a signer of any claims."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class KeyServer:
    """A real HTTP server that publishes a key set; `keys` may be changed, `up` may be set to False, while it runs."""

    keys: list[dict[str, Any]] = field(default_factory=list)
    up: bool = True
    body: bytes | None = None
    asked: int = 0
    url: str = ""


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    """Serve a key set on a free port of loopback."""
    published = KeyServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            published.asked += 1
            body = published.body or json.dumps({"keys": published.keys}).encode()
            self.send_response(200 if published.up else 503)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    published.url = f"http://127.0.0.1:{server.server_port}/jwks.json"
    try:
        yield published
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
