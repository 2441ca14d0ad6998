"""Who may use a server: whoever sends one of its keys, where it has any."""

import hmac
import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from hypertransport.errors import ConfigError
from hypertransport.text_files import read_text

VARIABLE = "HYPERTRANSPORT_API_KEYS"
MAX_BYTES = 2**20
KEY = re.compile("[!-~]{8,200}")


class ApiKeys:
    """Keys, of which only digests are kept. Raises ConfigError for none, and for odd ones."""

    def __init__(self, keys: Iterable[str]):
        keys = list(keys)
        if not keys or not all(map(KEY.fullmatch, keys)):
            raise ConfigError(
                "API keys are 8 to 200 printable characters without spaces, one a line; make one "
                "with: openssl rand -hex 32"
            )
        self._digests = [_digest(key.encode()) for key in keys]

    def allow(self, authorization: bytes) -> bool:
        """Whether a header `Authorization: Bearer KEY` names one of them.

        All are compared, each in constant time: how long it takes tells nothing.
        """
        scheme, _, key = authorization.partition(b" ")
        sent = _digest(key.strip())
        found = [hmac.compare_digest(sent, digest) for digest in self._digests]
        return scheme.lower() == b"bearer" and any(found)


def load_keys(path: Path | None, environment: Mapping[str, str]) -> ApiKeys | None:
    """The keys of a file, one a line (# begins a comment), or else of the environment.

    There they stand in `VARIABLE`, with commas or spaces between. None where neither is given.
    Raises ConfigError where no key can be read.
    """
    if path is not None:
        return ApiKeys(_lines(path))
    if VARIABLE in environment:
        return ApiKeys(environment[VARIABLE].replace(",", " ").split())
    return None


def _lines(path: Path) -> list[str]:
    text = read_text(path, max_bytes=MAX_BYTES, what="the API keys")
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _digest(key: bytes) -> bytes:
    return sha256(key).digest()
