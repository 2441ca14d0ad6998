"""A user study: the server of the page on which people compare two pictures, blind.

A person's link holds a secret after its `#`; nothing else tells people apart. No reply names a
method: pictures are known by their place in the person's own order, and are sent as
`study_pictures` makes them. Needs the extra `study`.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from hypertransport.connections import bounded
from hypertransport.evaluation.answers import Answers, EnrolmentError, UnknownLinkError
from hypertransport.evaluation.enrolment import AddressLimit
from hypertransport.evaluation.pairs import OTHER, Side
from hypertransport.evaluation.study_pictures import MEDIA_TYPE, StudyPictures
from hypertransport.evaluation.votes import SEEN, Seen
from hypertransport.listening import address, listen
from hypertransport.request_bodies import (
    BodyError,
    BodyTimeoutError,
    BodyTooLargeError,
    read_body,
)
from hypertransport.trusted_hosts import Refusal, TrustedHostMiddleware, TrustedHosts

MAX_BODY = 1024  # bytes of an answer
BODY_SECONDS = 10.0
PER_ADDRESS = 30  # enrolments in an hour, if nothing else is said: a class behind one router
ENCODERS = 2  # threads that encode pictures
NOSNIFF = {"X-Content-Type-Options": "nosniff"}
PRIVATE = {"Cache-Control": "private, max-age=3600", **NOSNIFF}
NOT_STORED = {"Cache-Control": "no-store", **NOSNIFF}


def application(
    folder: Path, answers: Answers, per_address: int = PER_ADDRESS, completion: str = ""
) -> Starlette:
    """The study of the pictures in `folder`, with its answers, as an ASGI application.

    `per_address` bounds how many people enrol from one address in an hour without an invitation (0
    is no limit); `completion` is told to those who have answered everything. The application itself
    answers every host: serve it behind `guarded`.
    """
    page = files("hypertransport.evaluation").joinpath("study.html").read_text("utf-8")
    pictures, limit = StudyPictures(folder), AddressLimit(per_address)
    encoders = CapacityLimiter(ENCODERS)

    def index(request: Request) -> Response:
        return HTMLResponse(page, headers=page_headers(page))

    async def begin(request: Request) -> Response:
        invitation = _read_invitation(await _body(request))
        client = request.client.host if request.client else ""
        if invitation is None and not limit.allows(client):
            return _refused(429, "too many people began here within an hour; come back later")
        token = await run_in_threadpool(answers.enrol, invitation)
        return JSONResponse({"token": token}, 201, NOT_STORED)

    def state(token: str) -> Response:
        return JSONResponse(_state(answers, token, completion), headers=NOT_STORED)

    def next_question(request: Request) -> Response:
        return state(request.path_params["token"])

    async def answer(request: Request) -> Response:
        token = request.path_params["token"]
        position, seen = _read_answer(await _body(request))
        await run_in_threadpool(answers.record, token, position, seen)
        return await run_in_threadpool(state, token)

    def encoded(request: Request) -> bytes:
        token, position = request.path_params["token"], _position(request.path_params["position"])
        shown = answers.shown(token, position)
        side = _side(request.path_params["place"], shown.first)
        return pictures.picture(token, position, shown, side)

    async def picture(request: Request) -> Response:
        data = await to_thread.run_sync(encoded, request, limiter=encoders)
        return Response(data, 200, PRIVATE, MEDIA_TYPE)

    rater = "/api/raters/{token}"
    return Starlette(
        routes=[
            Route("/", index),
            Route("/api/raters", begin, methods=["POST"]),
            Route(rater, next_question),
            Route(f"{rater}/answers", answer, methods=["POST"]),
            Route(f"{rater}/pictures/{{position}}/{{place}}", picture),
        ],
        exception_handlers={
            UnknownLinkError: lambda request, error: _refused(404, str(error)),
            EnrolmentError: lambda request, error: _refused(403, str(error)),
        },
    )


def guarded(app: ASGIApp, hosts: TrustedHosts) -> ASGIApp:
    """The application for these hosts and their own pages alone: others are refused, and so is what
    a form of another site could post, which is no JSON."""

    async def json_only(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            kind = Headers(scope=scope).get("content-type", "").partition(";")[0]
            if kind.strip().lower() != "application/json":
                refused = _refused(415, "send JSON, as Content-Type: application/json")
                return await refused(scope, receive, send)
        return await app(scope, receive, send)

    return TrustedHostMiddleware(json_only, hosts, _refuse_host)


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    allowed: Sequence[str] = (),
    announce: Callable[[str], None] = print,
) -> None:
    """Announce the address, and serve until Ctrl-C: requests for this host, loopback names and
    `allowed` names. Raises ConfigError if it cannot be listened at, or for an impossible name."""
    guarded_app = guarded(app, TrustedHosts(allowed, host))
    with listen(host, port) as listening:
        announce(address(listening))
        # A proxy on this machine is believed when it says whom it asks for: addresses are counted.
        options: dict[str, Any] = bounded() | {"proxy_headers": True}
        config = uvicorn.Config(guarded_app, **options, log_level="warning", access_log=False)
        uvicorn.Server(config).run([listening])


def page_headers(page: str) -> dict[str, str]:
    """Headers under which the page can run nothing but its own script and ask no other host."""

    def hashes(tag: str) -> str:
        parts = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digests = (b64encode(sha256(part.encode()).digest()).decode() for part in parts)
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    policy = (
        f"default-src 'none'; script-src {hashes('script')}; style-src {hashes('style')}; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer", **NOT_STORED}


def _state(answers: Answers, token: str, completion: str) -> dict[str, Any]:
    """What the page shows next: a question and its position, or neither at the end."""
    progress = answers.progress(token)
    state = {"answered": progress.answered, "total": progress.total, "position": progress.position}
    if progress.position is None:
        return state | ({"completion": completion} if completion else {})
    return state | {"question": answers.shown(token, progress.position).pair.text}


def _position(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise HTTPException(404)
    return int(text)


def _side(place: str, first: Side) -> Side:
    if place not in ("first", "second"):
        raise HTTPException(404)
    return first if place == "first" else OTHER[first]


async def _body(request: Request) -> Any:
    """The JSON that was sent, None for nothing, if it is neither too long nor too slow."""
    try:
        body = await read_body(request.receive, MAX_BODY, BODY_SECONDS)
    except BodyTooLargeError:
        raise HTTPException(413) from None
    except BodyTimeoutError:
        raise HTTPException(408) from None
    except BodyError:
        raise HTTPException(400) from None
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        raise HTTPException(400) from None


def _read_invitation(sent: Any) -> str | None:
    """The invitation that was sent, or None; anything else is refused."""
    fields = {} if sent is None else sent
    if not isinstance(fields, dict) or fields.keys() - {"invitation"}:
        raise HTTPException(400)
    invitation = fields.get("invitation")
    if invitation is not None and not (isinstance(invitation, str) and invitation.isascii()):
        raise HTTPException(400)
    return invitation


def _read_answer(sent: Any) -> tuple[int, Seen]:
    """The position and the answer that were sent; anything else is refused."""
    if not isinstance(sent, dict) or sent.keys() != {"position", "seen"}:
        raise HTTPException(400)
    position, seen = sent["position"], sent["seen"]
    if type(position) is not int or not 0 <= position < 2**31 or seen not in SEEN:
        raise HTTPException(400)
    return position, seen


def _refused(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status, NOT_STORED)


def _refuse_host(refusal: Refusal) -> Response:
    return _refused(421 if refusal.code.startswith("host") else 403, refusal.message)
