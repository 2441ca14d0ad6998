"""A server of this package in a process of its own, to be asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving(command: str = "serve", *options: str) -> Iterator[tuple[int, str]]:
    """The process and the address of `serve` or `studio` on a free port, until the block ends."""
    whole = [sys.executable, "-m", "hypertransport.cli", command, "--port", "0", *options]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        whole, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError(f"the server did not start; run {' '.join(whole)}")
            yield process.pid, address
        finally:
            process.terminate()
