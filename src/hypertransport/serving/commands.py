"""The command that serves; the rest of them are in `hypertransport.cli`."""

import argparse
import os
import webbrowser

from hypertransport import loading
from hypertransport.extras import extra
from hypertransport.terminal import warn

LOOPBACK = ("localhost", "::1")


def serve(chosen: argparse.Namespace) -> None:
    """Load, print the address, and serve until SIGTERM or Ctrl-C."""
    _serve(chosen, with_page=False, shown=False)


def studio(chosen: argparse.Namespace) -> None:
    """The same, with a page at the address, which a browser shows if that is wished."""
    _serve(chosen, with_page=True, shown=chosen.open)


def _serve(chosen: argparse.Namespace, with_page: bool, shown: bool) -> None:
    with extra("serve"):
        from hypertransport.serving import api, catalogue_pages, server
        from hypertransport.serving.studio import Studio
    from hypertransport.listening import address, listen
    from hypertransport.serving.api_keys import load_keys
    from hypertransport.serving.engine import EngineSettings

    loading.require_hypernetwork(chosen)
    settings = EngineSettings(chosen.max_batch, chosen.max_wait, chosen.max_queue)
    keys = load_keys(chosen.api_keys, os.environ)
    with listen(chosen.host, chosen.port) as listening:
        generator, hyper = loading.steered(chosen)
        entries = catalogue_pages.world_of(chosen.model)
        app = api.application(generator, hyper, settings, entries, keys)
        if keys is None and not chosen.host.startswith("127.") and chosen.host not in LOOPBACK:
            warn("everyone who reaches this address may draw; give --api-keys FILE")
        print(address(listening), flush=True)
        if shown:  # it waits until it is served
            webbrowser.open(address(listening))
        server.serve(Studio(app) if with_page else app, listening)
