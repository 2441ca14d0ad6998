"""The HTTP API under uvicorn: one process, which finishes what it has begun when told to end."""

import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from hypertransport.connections import bounded

DRAIN_SECONDS = 60
LINE = "%(asctime)s %(levelname)s %(message)s"
# Uvicorn's own access log would write queries down; the journal's lines hold nothing of a client's.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": LINE}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "hypertransport.serving": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def server(app: ASGIApp, max_requests: int = 0) -> uvicorn.Server:
    """A server of this application, which works at up to `max_requests` at a time.

    At SIGTERM or Ctrl-C it accepts nothing new, answers what it has accepted (for `DRAIN_SECONDS`
    at most), and shuts the application down.
    """
    config = uvicorn.Config(
        app,
        **bounded(max_requests),
        lifespan="on",
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, listening: socket.socket, max_requests: int = 0) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    server(app, max_requests).run([listening])
