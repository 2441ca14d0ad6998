"""Programs that run on Ray, as processes of their own; without Ray their tests are skipped."""

import os
import sys
from importlib.util import find_spec

import pytest

needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: pip install 'hypertransport[ray]'"
)


def ray_environment() -> dict[str, str]:
    """For a process that starts a Ray of its own, and tells nobody."""
    own = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": os.pathsep.join(sys.path)}
    return {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"} | own
