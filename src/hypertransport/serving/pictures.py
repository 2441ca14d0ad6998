"""Pictures and concepts as they travel: base64 of a file in, base64 of a PNG out."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from itertools import repeat
from urllib.parse import unquote

import torch
from PIL import Image

from hypertransport.concepts import Concept, Embedding, Picture, Pictures, Words, images_of
from hypertransport.errors import ConceptError, HyperTransportError, InterventionError
from hypertransport.picture_files import decode_picture, each_within, pixels_of
from hypertransport.serving.api_errors import CODES, ApiError
from hypertransport.serving.requests import Part, part
from hypertransport.serving.schemas import SOURCES, ConceptBody, Steering

MAX_PIXELS = 2**22  # of all reference pictures and masks in a request: they wait in memory
# A media type, which decides nothing, and parameters such as a file's name or a character set.
DATA_URL = re.compile(
    r"data:(image/[\w.+-]{1,60}|application/octet-stream)?(;[^;,]{1,200}){0,8};base64,", re.I | re.A
)
URL_SAFE = str.maketrans("-_", "+/")
COMPRESSION = 1  # of PNG's 9: larger by a quarter, and several times as fast


def parts_of(steering: Sequence[Steering]) -> list[Part]:
    """All concepts of a request. Raises ApiError, naming the field, for what is none."""
    parts, pixels = [], MAX_PIXELS
    for place, sent in enumerate(steering):
        name = f"steering.{place}"
        concept = concept_of(sent, name, pixels)
        pixels -= sum(map(pixels_of, images_of(concept)))
        mask = _mask_of(sent, f"{name}.mask", pixels)
        if mask is not None:
            pixels -= pixels_of(mask)
        try:
            parts.append(part(concept, sent.strength, mask or sent.region))
        except InterventionError as error:
            raise _bad(error, f"{name}.region") from error
    return parts


def concept_of(sent: ConceptBody, name: str = "", max_pixels: int = MAX_PIXELS) -> Concept:
    """The concept that was sent in the field `name`. Raises ApiError for what is none."""
    (kind,) = sent.model_fields_set & {*SOURCES}
    field = f"{name}.{kind}".lstrip(".")
    try:
        match kind:
            case "concept":
                return Words(sent.concept)
            case "image":
                return Picture(_read(sent.image, field, max_pixels))
            case "images":
                names = (f"{field}.{place}" for place in range(len(sent.images)))
                reads = map(partial, repeat(_read), sent.images, names)
                return Pictures(tuple(each_within(max_pixels, reads)))
        return Embedding(torch.tensor(sent.embedding))
    except ConceptError as error:
        raise _bad(error, field) from error


def encoded(picture: Image.Image) -> str:
    """A PNG in base64."""
    data = BytesIO()
    picture.save(data, "PNG", compress_level=COMPRESSION)
    return b64encode(data.getvalue()).decode()


def _read(text: str, name: str, max_pixels: int) -> Image.Image:
    return decode_picture(_decoded(text, name), name, max_pixels)


def _mask_of(sent: Steering, field: str, max_pixels: int) -> Image.Image | None:
    if not sent.mask:
        return None
    try:
        return _read(sent.mask, field, max_pixels)
    except ConceptError as error:
        raise _bad(error, field) from error


def _decoded(text: str, field: str) -> bytes:
    """Bytes in base64 of either alphabet, with or without line breaks and padding."""
    text = text.strip()
    if text[:6].lower().startswith(("http:", "https:")):
        raise ConceptError(f"{field}: this server fetches nothing; send the picture itself, base64")
    start = DATA_URL.match(text)
    packed = unquote(text[start.end() :]) if start else text
    packed = "".join(packed.split()).translate(URL_SAFE).rstrip("=")
    try:
        return b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ConceptError(
            f"{field} is no base64; send a picture's file so, or as a data: URL of type image/..."
        ) from error


def _bad(error: HyperTransportError, field: str) -> ApiError:
    return ApiError(400, CODES[type(error)], str(error), field)
