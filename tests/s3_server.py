"""A little S3 on the loopback for tests: PUT with If-None-Match, GET, HEAD, DeleteObjects and ListObjectsV2."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape


class LittleS3(ThreadingHTTPServer):
    """Buckets in memory; `requests` are method and path as they came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.is_broken = False

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: LittleS3
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("If-None-Match") == "*" and self._path in self.server.objects:
            return self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>")
        self.server.objects[self._path] = body
        return self._answer(200, b"", {"ETag": _tag(body)})

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            return self._answer(200, self._listing(query.get("prefix", [""])[0]))
        return self._object()

    def do_HEAD(self) -> None:
        self._object()

    def do_POST(self) -> None:
        """DeleteObjects: what obstore asks even for a single one."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        bucket = self._path.strip("/")
        done = ""
        for key in re.findall(r"<Key>(.*?)</Key>", body):
            self.server.objects.pop(f"/{bucket}/{unescape(key)}", None)
            done += f"<Deleted><Key>{key}</Key></Deleted>"
        self._answer(200, f"<DeleteResult>{done}</DeleteResult>".encode())

    @property
    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _object(self) -> None:
        body = self.server.objects.get(self._path)
        if body is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self._answer(200, body, {"ETag": _tag(body)})

    def _listing(self, prefix: str) -> bytes:
        bucket = self._path.strip("/") + "/"
        found = ""
        for path, body in self.server.objects.items():
            key = path.lstrip("/").removeprefix(bucket)
            if path.lstrip("/").startswith(bucket) and key.startswith(prefix):
                found += (
                    f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size>"
                    f"<LastModified>2026-05-20T10:00:00.000Z</LastModified>"
                    f"<ETag>{escape(_tag(body))}</ETag></Contents>"
                )
        head = '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>'
        return f"{head}{found}</ListBucketResult>".encode()

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        if self.server.is_broken:
            status, body = 403, b"<Error><Code>AccessDenied</Code></Error>"
        self.server.requests.append((self.command, self.path))
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Last-Modified", formatdate(1_780_000_000, usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests stay quiet."""


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


@contextmanager
def little_s3() -> Iterator[LittleS3]:
    """A running store, stopped at the end."""
    server = LittleS3()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
