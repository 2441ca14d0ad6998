"""Hosts and origins that a server of ours answers: the defence against DNS rebinding.

A page of another site can let its own name resolve to this machine. Its requests then reach a
server here, but name that site in `Host`, and in `Origin` where the browser sends one.

    app = TrustedHostMiddleware(app, TrustedHosts(["draw.example.com"]), refused)
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hypertransport.errors import ConfigError
from hypertransport.listening import as_address, is_loopback

ANY = "*"
LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
NAME = re.compile(rf"(\*\.)?{LABEL}(\.{LABEL})*")
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/?#@\s]+)(:[0-9]{1,5})?", re.IGNORECASE)
MAX_QUOTED = 100  # characters of a header in an error


class Refusal(NamedTuple):
    """Why a request is not answered: a code for programs, and a sentence that names the option."""

    code: str
    message: str


class TrustedHosts:
    """Loopback names and addresses, the host that is listened at, and `allowed` names.

    An allowed name is one such as "draw.example.com", "*.example.com" for all names below it, an IP
    address, or "*", which turns all checks off. A server that listens at 0.0.0.0 or :: is also
    asked by every address of its machine, so it answers all IP addresses, but still no other name:
    nobody can let an address resolve to another one. Raises ConfigError for an impossible name.
    """

    def __init__(self, allowed: Sequence[str] = (), listening_at: str = "127.0.0.1"):
        self._names = frozenset(_canonical(name) for name in allowed)
        bound = as_address(listening_at)
        self._addresses = bound is not None and bound.is_unspecified
        self._bound = _plain(listening_at)

    def refusal(self, headers: Headers) -> Refusal | None:
        """Return why a request with these headers is refused, or None if it may pass.

        A request without `Host` comes from no browser, and passes.
        """
        if ANY in self._names:
            return None
        hosts = headers.getlist("host")
        for host in hosts:
            if not self._answers(host):
                return _refusal("Host", host, _host_of(host))
        for origin in headers.getlist("origin"):
            if not self._trusts(origin, hosts):
                return _refusal("Origin", origin, _host_of_origin(origin))
        return None

    def _answers(self, header: str) -> bool:
        host = _host_of(header)
        if host is None:
            return False
        return self._knows(host) or (self._addresses and as_address(host) is not None)

    def _trusts(self, origin: str, hosts: Sequence[str]) -> bool:
        """Whether an origin is one of the known hosts, or the very host that is asked."""
        host = _host_of_origin(origin)
        return host is not None and (self._knows(host) or host in map(_host_of, hosts))

    def _knows(self, host: str) -> bool:
        parts = host.split(".")
        above = {"*." + ".".join(parts[first:]) for first in range(1, len(parts))}
        return (
            is_loopback(host) or host == self._bound or not self._names.isdisjoint({host, *above})
        )


class TrustedHostMiddleware:
    """Answers requests for other hosts, or from other origins, with what `refused` makes."""

    def __init__(self, app: ASGIApp, hosts: TrustedHosts, refused: Callable[[Refusal], Response]):
        self._app, self._hosts, self._refused = app, hosts, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it; close a WebSocket before it is accepted."""
        found = None
        if scope["type"] in ("http", "websocket"):
            found = self._hosts.refusal(Headers(scope=scope))
        if found is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refused(found)(scope, receive, send)


def _canonical(name: str) -> str:
    """An allowed name as it is compared. Raises ConfigError for what is none."""
    plain = _plain(name)
    if plain != ANY and as_address(plain) is None and not NAME.fullmatch(plain):
        raise ConfigError(
            f"{name[:MAX_QUOTED]!r} is no host name; give --allow-host one without scheme and "
            "port, such as draw.example.com or *.example.com"
        )
    return plain


def _plain(host: str) -> str:
    """Lower case, without the dot of the root; an IP address in its usual form."""
    found = as_address(host)
    return str(found) if found else host.lower().removesuffix(".")


def _host_of(header: str) -> str | None:
    """The host in a `Host` header, without its port; None if the header is malformed."""
    found = HOST.fullmatch(header)
    return _plain(found[1]) if found else None


def _host_of_origin(origin: str) -> str | None:
    """The host in an `Origin` header; None for "null" and for what is no origin."""
    scheme, _, host = origin.partition("://")
    return _host_of(host) if scheme in ("http", "https") else None


def _refusal(header: str, value: str, host: str | None) -> Refusal:
    advice = f"--allow-host {host[:MAX_QUOTED]}" if host else "--allow-host NAME"
    return Refusal(
        f"{header.lower()}_not_allowed",
        f"this server does not answer requests with '{header}: {value[:MAX_QUOTED]}'; use its "
        f"address, or start it with {advice} if that is a name of its own",
    )
