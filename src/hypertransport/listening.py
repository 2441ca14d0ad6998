"""Where a server listens."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from hypertransport.errors import ConfigError


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises ConfigError where that cannot be.

    Who connects waits until the socket is served.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigError(
            f"cannot listen at {host}, port {port} ({error.strerror}); give another --port"
        ) from error


def address(listening: socket.socket) -> str:
    """Its address, as browsers take it."""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(host: str) -> bool:
    """Return whether a host name or address always means this machine; no name is resolved."""
    found = as_address(host)
    return found.is_loopback if found else host.lower().removesuffix(".") == "localhost"


def as_address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that is written here, with or without brackets; None for a name."""
    try:
        found = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
