"""A user study: the server of the page on which people compare two pictures, blind.

A person's link holds a secret after its `#`; nothing else tells people apart. No reply names a
method: pictures are known by their place in the person's own order. Needs the extra `study`.
"""

import json
import random
import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from hypertransport.connections import Connection
from hypertransport.evaluation.answers import Answers, UnknownLinkError
from hypertransport.evaluation.pairs import OTHER, Side, media_type
from hypertransport.evaluation.votes import SEEN, Seen
from hypertransport.listening import address, listen
from hypertransport.picture_files import load_picture

TILES = 6  # a spoilt picture is cut into 6 x 6 tiles, which are shuffled
MAX_BODY = 1024  # bytes of an answer
PRIVATE = {"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"}
NOT_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def application(folder: Path, answers: Answers) -> Starlette:
    """The study of the pictures in `folder`, with its answers, as an ASGI application."""
    page = files("hypertransport.evaluation").joinpath("study.html").read_text("utf-8")

    def index(request: Request) -> Response:
        return HTMLResponse(page, headers=page_headers(page))

    def begin(request: Request) -> Response:
        return JSONResponse({"token": answers.enrol()}, 201, NOT_STORED)

    def next_question(request: Request) -> Response:
        return JSONResponse(_state(answers, request.path_params["token"]), headers=NOT_STORED)

    async def answer(request: Request) -> Response:
        token = request.path_params["token"]
        position, seen = _read_answer(await _body(request))
        await run_in_threadpool(answers.record, token, position, seen)
        state = await run_in_threadpool(_state, answers, token)
        return JSONResponse(state, headers=NOT_STORED)

    def picture(request: Request) -> Response:
        position = _position(request.path_params["position"])
        shown = answers.shown(request.path_params["token"], position)
        side = _side(request.path_params["place"], shown.first)
        if shown.is_check and side == "B":
            return Response(spoilt(folder / shown.pair.picture_a), 200, PRIVATE, "image/png")
        name = shown.pair.picture("A" if shown.is_check else side)
        return FileResponse(folder / name, 200, PRIVATE, media_type(name))

    rater = "/api/raters/{token}"
    return Starlette(
        routes=[
            Route("/", index),
            Route("/api/raters", begin, methods=["POST"]),
            Route(rater, next_question),
            Route(f"{rater}/answers", answer, methods=["POST"]),
            Route(f"{rater}/pictures/{{position}}/{{place}}", picture),
        ],
        exception_handlers={UnknownLinkError: _not_found},
    )


def serve(app: Starlette, host: str, port: int) -> None:
    """Serve until Ctrl-C, and print the address. Raises ConfigError if it cannot be listened at."""
    with listen(host, port) as listening:
        print(address(listening), flush=True)
        config = uvicorn.Config(app, http=Connection, log_level="warning", access_log=False)
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


def spoilt(path: Path) -> bytes:
    """The picture cut into tiles, shuffled, as PNG: whoever looks at all sees that it is broken."""
    whole = load_picture(path)
    width, height = (max(side // TILES, 1) for side in whole.size)
    places = [(width * x, height * y) for x in range(TILES) for y in range(TILES)]
    spoilt = whole.copy()
    for (x, y), to in zip(places, random.Random(0).sample(places, len(places)), strict=True):
        spoilt.paste(whole.crop((x, y, x + width, y + height)), to)
    data = BytesIO()
    spoilt.save(data, "PNG")
    return data.getvalue()


def _state(answers: Answers, token: str) -> dict[str, Any]:
    """What the page shows next: a question and its position, or neither at the end."""
    progress = answers.progress(token)
    state = {"answered": progress.answered, "total": progress.total, "position": progress.position}
    if progress.position is None:
        return state
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
    """The JSON that was sent, if it is not too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise HTTPException(413)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None


def _read_answer(sent: Any) -> tuple[int, Seen]:
    """The position and the answer that were sent; anything else is refused."""
    if not isinstance(sent, dict) or sent.keys() != {"position", "seen"}:
        raise HTTPException(400)
    position, seen = sent["position"], sent["seen"]
    if type(position) is not int or not 0 <= position < 2**31 or seen not in SEEN:
        raise HTTPException(400)
    return position, seen


async def _not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 404, NOT_STORED)
