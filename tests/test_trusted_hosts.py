"""A server answers for the hosts it is known to have, and for no page of another site."""

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from hypertransport.errors import ConfigError
from hypertransport.trusted_hosts import TrustedHostMiddleware, TrustedHosts

LOOPBACK = ["localhost", "LocalHost.", "127.0.0.1", "127.255.1.2", "[::1]", "[0:0::1]"]
ADDRESSES = ["192.168.1.5", "[fe80::1]", "0.0.0.0", "[::]", "203.0.113.7"]
NAMES = ["evil.example", "localhost.evil.example", "evil-localhost", "127.evil.example", "xn--a"]
MALFORMED = ["", "a b", "localhost@evil.example", "[::1", "localhost:1:2", "localhost/", ":80", "é"]
ALLOWED = TrustedHosts(["draw.example.com", "*.Example.org", "192.168.1.5"])


def answered(hosts: TrustedHosts, host: str | None, origin: str | None = None) -> bool:
    sent = {"Host": host, "Origin": origin}
    headers = Headers({name: value for name, value in sent.items() if value is not None})
    return hosts.refusal(headers) is None


@pytest.mark.parametrize("port", ["", ":8000"])
@pytest.mark.parametrize("hosts", [TrustedHosts(), TrustedHosts([], "0.0.0.0"), ALLOWED])
def test_this_machine_may_always_ask_itself(hosts: TrustedHosts, port: str):
    for name in LOOPBACK:
        assert answered(hosts, name + port)
        assert answered(hosts, name + port, f"http://localhost{port}")
        assert answered(hosts, "127.0.0.1:8000", f"http://{name}{port}")


@pytest.mark.parametrize("name", NAMES + MALFORMED)
@pytest.mark.parametrize("hosts", [TrustedHosts(), TrustedHosts([], "0.0.0.0"), ALLOWED])
def test_no_other_name_is_answered(hosts: TrustedHosts, name: str):
    assert not answered(hosts, name)
    assert not answered(hosts, f"{name}:8000", f"http://{name}:8000")
    assert not answered(hosts, "localhost:8000", f"http://{name}")


@pytest.mark.parametrize("host", ADDRESSES)
def test_an_address_is_answered_where_all_addresses_are_listened_at(host: str):
    for everywhere in ("0.0.0.0", "::"):
        assert answered(TrustedHosts([], everywhere), f"{host}:8000", f"http://{host}:8000")
        assert not answered(TrustedHosts([], everywhere), "127.0.0.1", "http://198.51.100.9")
    assert not answered(TrustedHosts(), host)


def test_the_bound_host_and_the_allowed_ones_are_answered():
    assert answered(TrustedHosts([], "192.168.1.5"), "192.168.1.5:80", "http://192.168.1.5")
    assert answered(TrustedHosts([], "here.lan"), "HERE.lan.:80")
    for host in ("draw.example.com", "a.example.org", "a.b.example.org:443", "192.168.1.5"):
        assert answered(ALLOWED, host, f"https://{host}")
        assert answered(ALLOWED, "127.0.0.1", f"https://{host}")
    for host in ("example.com", "example.org", "evil-example.org", "a.draw.example.com"):
        assert not answered(ALLOWED, host)


def test_an_origin_that_is_none_is_refused_and_a_request_of_no_browser_is_not():
    assert answered(TrustedHosts(), None)
    for origin in ("null", "", "file://", "chrome-extension://localhost", "localhost", "http://["):
        assert not answered(TrustedHosts(), "localhost", origin)
    several = Headers(raw=[(b"host", b"localhost"), (b"host", b"evil.example")])
    assert TrustedHosts().refusal(several)


def test_a_star_turns_all_checks_off():
    assert all(answered(TrustedHosts(["*"]), name, "null") for name in NAMES + MALFORMED)


@pytest.mark.parametrize(
    "name", ["http://a", "a:80", "a b", "", "a.*", "*a.b", "**", "a/b", "é.de"]
)
def test_what_is_no_host_name_is_refused(name: str):
    with pytest.raises(ConfigError, match="--allow-host"):
        TrustedHosts([name])


def test_the_refusal_names_the_header_and_the_option_and_stays_short():
    refusal = TrustedHosts().refusal(Headers({"Host": "Draw.example.com:80"}))
    assert refusal is not None
    assert refusal.code == "host_not_allowed"
    assert "'Host: Draw.example.com:80'" in refusal.message
    assert "--allow-host draw.example.com" in refusal.message
    refusal = TrustedHosts().refusal(Headers({"Host": "localhost", "Origin": "x" * 10_000}))
    assert refusal is not None
    assert refusal.code == "origin_not_allowed"
    assert len(refusal.message) < 500


@pytest.mark.parametrize("host", ["localhost", "evil.example"])
@pytest.mark.parametrize("kind", ["http", "websocket", "lifespan"])
def test_the_middleware_answers_itself_what_it_refuses(kind: str, host: str):
    reached, sent = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def note(message: Any) -> None:
        sent.append(message)

    guarded = TrustedHostMiddleware(
        app, TrustedHosts(), lambda refusal: PlainTextResponse(refusal.message, 403)
    )
    scope = {"type": kind, "headers": [(b"host", host.encode())]}
    asyncio.run(guarded(scope, None, note))  # type: ignore[arg-type]
    if host == "localhost" or kind == "lifespan":
        assert (reached, sent) == ([kind], [])
    else:
        assert reached == []
        assert sent[0].get("status", 1008) in (403, 1008)
