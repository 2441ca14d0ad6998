"""The studio: a page before the HTTP API, which it draws with. It asks no other host for anything.

    app = Studio(application(generator, hyper, hosts=hosts), hosts)

The page's sources are in studio/ of the repository; `make studio` bundles them into pages/.
"""

from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hypertransport.serving.api_errors import ApiError
from hypertransport.trusted_hosts import Refusal, TrustedHostMiddleware, TrustedHosts

# Styles: the library's elements write style attributes. Data: pictures come as such, and icons.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # ask whether it has changed, by its tag
}
TYPES = {"index.html": "text/html", "studio.js": "text/javascript", "studio.css": "text/css"}


class File(NamedTuple):
    """A file of the page, and a tag that changes with it."""

    data: bytes
    media_type: str
    tag: str


class Studio:
    """An application that answers the page's few paths itself, and passes all else to `api`.

    No key is asked for the page: it holds nothing but itself, and asks its reader for the key. It
    answers for `hosts` only, as the API does for those that it was given.
    """

    def __init__(self, api: ASGIApp, hosts: TrustedHosts | None = None):
        self._api = api
        self._files = _load()
        page = GZipMiddleware(self._answer)
        self._page = TrustedHostMiddleware(page, hosts or TrustedHosts(), _refused)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the application's lifespan."""
        ours = scope["type"] == "http" and scope["path"] in self._files
        app = self._page if ours and scope["method"] in ("GET", "HEAD") else self._api
        await app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._files[scope["path"]]
        headers = {**HEADERS, "ETag": file.tag}
        response = Response(file.data, 200, headers, media_type=file.media_type)
        if file.tag in Headers(scope=scope).get("if-none-match", ""):
            response = Response(None, 304, headers)
        await response(scope, receive, send)


def _refused(refusal: Refusal) -> Response:
    return ApiError(403, refusal.code, refusal.message).response()


def _load() -> dict[str, File]:
    """The files of the page by their paths; the page itself is at /."""
    folder = files("hypertransport.serving").joinpath("pages")
    found = {}
    for name, kind in TYPES.items():
        data = folder.joinpath(name).read_bytes()
        tag = f'W/"{sha256(data).hexdigest()[:32]}"'
        found["/" if name == "index.html" else f"/{name}"] = File(data, kind, tag)
    return found
