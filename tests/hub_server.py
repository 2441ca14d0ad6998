"""A server on the loopback that speaks as much of the hub's protocol as the tests need."""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import transformers.utils.hub
from huggingface_hub import constants, hf_api

TOKEN = "hf_a_very_secret_token"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Repository:
    """A public repository: its files at one commit, which `main` is too."""

    files: dict[str, bytes]
    commit: str = COMMIT

    def get(self, name: str, path: str) -> object:
        """What the hub answers to a path below its own address; None for nothing."""
        for revision in (self.commit, "main"):
            if path in (f"/api/models/{name}", f"/api/models/{name}/revision/{revision}"):
                siblings = [{"rfilename": file} for file in self.files]
                return {"id": name, "sha": self.commit, "siblings": siblings}
            if path == f"/api/models/{name}/tree/{revision}":
                return listed(self.files)
            if path.startswith(prefix := f"/{name}/resolve/{revision}/"):
                return self.files.get(path.removeprefix(prefix))
        return None


@dataclass
class Hub:
    """One private repository: its files, which of them each commit brought, and with which
    authorization anything was asked for; and public ones by their names."""

    url: str = ""
    repo: str = "user/name"
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[set[str]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    public: dict[str, Repository] = field(default_factory=dict)

    def fetched(self, repo: str) -> set[str]:
        """Names of the files of a public repository that anyone has asked for."""
        parts = [path.partition("/resolve/") for path, _ in self.asked]
        return {rest.partition("/")[2] for name, _, rest in parts if name == f"/{repo}" and rest}

    def get_public(self, path: str) -> object:
        found = (repository.get(name, path) for name, repository in self.public.items())
        return next((answer for answer in found if answer is not None), None)

    def commit_of(self, path: str) -> str:
        names = [name for name in self.public if name in path]
        return self.public[names[0]].commit if names else COMMIT

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
            return listed(self.files)
        if path.startswith(prefix := f"/{self.repo}/resolve/{COMMIT}/"):
            return self.files.get(path.removeprefix(prefix))
        return None


def listed(files: dict[str, bytes]) -> list[dict]:
    return [
        {"type": "file", "path": name, "size": len(data), "oid": digest(data)}
        for name, data in files.items()
    ]


def digest(data: bytes) -> str:
    return sha1(data).hexdigest()


def use(monkeypatch: pytest.MonkeyPatch, hub: Hub, cache: Path | None = None) -> None:
    """Let the hub's client ask this server, whatever the environment says: CI is offline."""
    template = f"{hub.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    monkeypatch.setattr(hf_api.api, "endpoint", hub.url)  # which diffusers asks
    # transformers keeps one with the address that it was made with; older versions have none.
    monkeypatch.setattr(transformers.utils.hub, "_hf_api", None, raising=False)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    if cache is not None:
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))


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
            path = unquote(urlsplit(self.path).path)
            if any(f"/{name}" in path for name in hub.public):
                public = hub.get_public(path)
                status, found = (200, public) if public is not None else (404, {"error": "none"})
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            headers = {
                "Content-Length": len(data),
                "X-Repo-Commit": hub.commit_of(self.path),
                "ETag": f'"{digest(data)}"',
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
