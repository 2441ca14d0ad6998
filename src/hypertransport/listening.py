"""Where a server listens."""

import socket

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
