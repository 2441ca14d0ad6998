"""The command that serves; the rest of them are in `hypertransport.cli`."""

import argparse
import os
import webbrowser

from hypertransport import loading
from hypertransport.extras import extra
from hypertransport.terminal import warn


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
        from hypertransport.trusted_hosts import TrustedHosts
    from hypertransport.listening import address, is_loopback, listen
    from hypertransport.serving.api_keys import load_keys
    from hypertransport.serving.engine import EngineSettings

    loading.require_hypernetwork(chosen)
    settings = EngineSettings(chosen.max_batch, chosen.max_wait, chosen.max_queue)
    keys = load_keys(chosen.api_keys, os.environ)
    hosts = TrustedHosts(chosen.allow_host, chosen.host)
    with listen(chosen.host, chosen.port) as listening:
        generator, hyper = loading.steered(chosen)
        entries = catalogue_pages.world_of(chosen.model)
        app = api.application(generator, hyper, settings, entries, keys, hosts)
        if keys is None and not is_loopback(chosen.host):
            warn("everyone who reaches this address may draw; give --api-keys FILE")
        print(address(listening), flush=True)
        if shown:  # it waits until it is served
            webbrowser.open(address(listening))
        served = Studio(app, hosts) if with_page else app
        server.serve(served, listening, settings.max_queue + settings.max_batch)
