"""A server on the loopback that speaks as much of the hub's protocol as one repository needs."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

TOKEN = "hf_a_very_secret_token"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """One repository: its files, which of them each commit brought, and with which authorization
    anything was asked for."""

    url: str = ""
    repo: str = "user/name"
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[set[str]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def post(self, path: str, body: bytes) -> object:
        if path == "/api/repos/create":
            return {"url": f"{self.url}/{self.repo}"}
        if path == "/api/validate-yaml":
            return {"warnings": [], "errors": []}
        if path == f"/api/models/{self.repo}/preupload/main":
            wanted = [file["path"] for file in json.loads(body)["files"]]
            modes = {"uploadMode": "regular", "shouldIgnore": False}
            return {"files": [{"path": name, **modes} for name in wanted]}
        if path == f"/api/models/{self.repo}/commit/main":
            self.commit([json.loads(line) for line in body.splitlines()])
            return {"commitUrl": f"{self.url}/{self.repo}/commit/{COMMIT}", "commitOid": COMMIT}
        return None

    def commit(self, lines: list[dict]) -> None:
        new = [line["value"] for line in lines if line["key"] == "file"]
        self.files |= {file["path"]: b64decode(file["content"]) for file in new}
        self.commits.append({file["path"] for file in new})

    def get(self, path: str) -> object:
        if path == f"/api/models/{self.repo}/revision/main":
            return {"id": self.repo, "sha": COMMIT}
        if path == f"/api/models/{self.repo}/tree/{COMMIT}":
            return [
                {"type": "file", "path": name, "size": len(data), "oid": str(len(data))}
                for name, data in self.files.items()
            ]
        if path.startswith(prefix := f"/{self.repo}/resolve/{COMMIT}/"):
            return self.files.get(path.removeprefix(prefix))
        return None


@contextmanager
def serving() -> Iterator[Hub]:
    """Serve an empty repository to who has the token."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(hub.post(urlsplit(self.path).path, body))

        def do_GET(self) -> None:
            self.answer(hub.get(urlsplit(self.path).path))

        do_HEAD = do_GET

        def answer(self, found: object) -> None:
            hub.asked.append((self.path, self.headers["Authorization"]))
            status = 404 if found is None else 200
            if found is None:
                found = {"error": "not found"}
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                status, found = 401, {"error": "Invalid credentials"}
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            headers = {
                "Content-Length": len(data),
                "X-Repo-Commit": COMMIT,
                "ETag": f'"{len(data)}"',
            }
            for name, value in headers.items():
                self.send_header(name, str(value))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
