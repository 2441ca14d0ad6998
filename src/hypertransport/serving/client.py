"""Ask a running `hypertransport serve` for pictures: who asks loads nothing, not even torch.

strip = Server("http://127.0.0.1:8000").draw("a mushroom", [(Words("snow"), 1.0)], 7, [0, 1])
"""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import httpx2
from PIL import Image

from hypertransport import __version__
from hypertransport.concepts import Picture, Pictures, Words
from hypertransport.errors import ConceptError, ServerError
from hypertransport.image_conversion import to_rgb
from hypertransport.json_files import parse_json
from hypertransport.listening import as_address, is_loopback
from hypertransport.picture_files import decode_picture
from hypertransport.truncation import report

SECONDS = 300  # without a byte from the server
TOTAL_SECONDS = 3600
CONNECT_SECONDS = 30
MAX_BYTES = 2**29  # of an answer: 32 pictures of 1,024 pixels a side are some 100 MB in base64
MAX_REFUSAL = 2**16  # bytes of a refusal
MAX_QUOTED = 1000  # characters of it
CHUNK = 2**20  # bytes
MALFORMED = (ValueError, TypeError, KeyError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Server:
    """Where a server listens, and the key it asks for. Raises ServerError for what is no URL."""

    address: str
    key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.address)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # brackets that do not close, a port that is no number
            good = False
        if not good or not self.address.isascii() or not self.address.isprintable():
            raise ServerError(
                f"{self.address!r} is no address of a server; give one such as "
                "http://127.0.0.1:8000"
            )
        if not self.key.isascii() or not self.key.isprintable():
            raise ServerError("the key holds a character that no key has; give it again")

    def draw(
        self,
        prompt: str,
        wanted: Sequence[tuple[Words | Picture | Pictures, float]],
        seed: int,
        strengths: Sequence[float],
        model: str | None = None,
        mask: Image.Image | None = None,
        calibrated: bool = False,
    ) -> list[Image.Image]:
        """One picture for each strength, which multiplies the concepts' own, from one noise.

        `mask` limits all concepts to where it is white. What the server says of text that it cuts
        off is given as a TruncationWarning. `model` is refused by a server of another
        one, `calibrated` strengths by one without calibration. Raises ServerError where the server
        cannot be reached, refuses (its own words say why), or answers with something else than
        pictures.
        """
        asked: dict[str, Any] = {"prompt": prompt, "seed": seed, "strengths": list(strengths)}
        area = {} if mask is None else {"mask": _encoded(to_rgb(mask, "the mask"))}
        asked["steering"] = [_source(what) | {"strength": s} | area for what, s in wanted]
        if calibrated:
            asked["calibrated"] = True
        if model is not None:
            asked["model"] = model
        answer = self._post("/v1/images/generations", asked)
        try:
            reply = parse_json(answer)
            if len(reply["data"]) != len(strengths):  # before any of them is decoded
                raise ServerError(
                    f"{self.address} answers with {len(reply['data'])} pictures; check it"
                )
            pictures = [_picture(one) for one in reply["data"]]
            told = [_line(str(one)) for one in reply.get("warnings", ())]
        except (*MALFORMED, ConceptError) as error:
            raise ServerError(f"{self.address} answers with no pictures; check it") from error
        report(told)
        return pictures

    def foresee(self, what: Words | Picture | Pictures) -> dict[str, float | None]:
        """What it knows of a concept: `novelty`, `gain` and `limit`, None where it does not know.

        Raises ServerError as `draw` does.
        """
        try:
            told = parse_json(self._post("/v1/novelty", _source(what)))
            return {name: _figure(told[name]) for name in ("novelty", "gain", "limit")}
        except MALFORMED as error:
            raise ServerError(f"{self.address} answers with no figures; check it") from error

    def _post(self, path: str, asked: dict[str, Any]) -> bytes:
        headers = {
            "Accept-Encoding": "identity",  # so that MAX_BYTES bounds what is kept
            "Content-Type": "application/json",
            "User-Agent": f"hypertransport/{__version__}",
        }
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        url = self.address.rstrip("/").removesuffix("/v1") + path  # as other clients are given it
        try:
            with (
                self._client() as client,
                client.stream("POST", url, content=json.dumps(asked), headers=headers) as reply,
            ):
                answer = _read(reply, MAX_BYTES if reply.is_success else MAX_REFUSAL)
        except (httpx2.HTTPError, httpx2.InvalidURL, ImportError, OSError, ValueError) as error:
            reason = str(error)[:300] or type(error).__name__
            raise ServerError(
                f"cannot ask {self.address} ({reason}); start `hypertransport serve`, or leave "
                "--server out"
            ) from error
        if reply.is_redirect:
            raise ServerError(
                f"{self.address} redirects to {reply.headers.get('location', 'nowhere')[:200]!r}, "
                "which is not followed; give the server's own address"
            )
        if not reply.is_success:
            raise ServerError(f"{self.address} refuses: {_refusal(reply, answer)}")
        return answer

    def _client(self) -> httpx2.Client:
        """A client that follows no redirect, and asks this machine through no proxy."""
        host = urlsplit(self.address).hostname or ""
        address = as_address(host)
        here = is_loopback(host) or (address is not None and address.is_unspecified)
        return httpx2.Client(
            follow_redirects=False,
            timeout=httpx2.Timeout(SECONDS, connect=CONNECT_SECONDS),
            transport=httpx2.HTTPTransport() if here else None,  # one of its own has no proxies
        )


def _read(reply: httpx2.Response, max_bytes: int) -> bytes:
    """Return the whole answer. Raises ValueError if it is too long, or takes too long."""
    deadline = time.monotonic() + TOTAL_SECONDS
    data = bytearray()
    for part in reply.iter_raw(CHUNK):
        data += part
        if len(data) > max_bytes:
            raise ValueError(f"its answer has more than {max_bytes:,} bytes")
        if time.monotonic() > deadline:
            raise ValueError(f"its answer took longer than {TOTAL_SECONDS} s")
    return bytes(data)


def _source(what: Words | Picture | Pictures) -> dict[str, Any]:
    """A concept as the API takes it."""
    match what:
        case Words(text):
            return {"concept": text}
        case Picture(image):
            return {"image": _encoded(image)}
        case Pictures(images):
            return {"images": [*map(_encoded, images)]}


def _encoded(picture: Image.Image) -> str:
    data = BytesIO()
    picture.save(data, "PNG")
    return b64encode(data.getvalue()).decode()


def _picture(sent: dict[str, str]) -> Image.Image:
    return decode_picture(b64decode(sent["b64_json"], validate=True))


def _figure(sent: object) -> float | None:
    """A finite number or null. Raises ValueError for all else."""
    if sent is None:
        return None
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not isfinite(sent):
        raise ValueError("no figure")
    return float(sent)


def _refusal(reply: httpx2.Response, answer: bytes) -> str:
    """What the server says is wrong, in OpenAI's form and on one line, or else its status."""
    try:
        return _line(str(parse_json(answer)["error"]["message"]))
    except MALFORMED:
        return _line(f"{reply.status_code} {reply.reason_phrase}; check the address")


def _line(text: str) -> str:
    """What a server says, as one line that no terminal takes for more than text."""
    return "".join(each if each.isprintable() else " " for each in text[:MAX_QUOTED])
