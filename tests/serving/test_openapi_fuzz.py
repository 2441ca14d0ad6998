"""What the OpenAPI document says is what the server does, whatever is sent: Schemathesis."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.timeout(3600)]
# No schema says that text is a picture in base64, or which size and which model there are.
NOT_CHECKED = "positive_data_acceptance"


def test_schemathesis_finds_nothing(client, tmp_path):
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{client.address}openapi.json"]
    options = ["--exclude-checks", NOT_CHECKED, "--max-examples", "40", "--no-color"]
    options += ["--generation-deterministic", "--continue-on-failure", "--request-timeout", "60"]
    done = subprocess.run(
        [*command, *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
