import socket

import pytest

from hypertransport.errors import ConfigError
from hypertransport.listening import address, is_loopback, listen


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_whoever_connects_at_the_address_is_heard():
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert address(listening) == f"http://127.0.0.1:{port}/"
        with socket.create_connection(("127.0.0.1", port)), listening.accept()[0]:
            pass
        with pytest.raises(ConfigError, match=f"port {port} .*give another --port"):
            listen("127.0.0.1", port)
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 9)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "127.9.0.1", "[::1]", "::ffff:127.0.0.1"]
)
def test_names_and_addresses_of_this_machine_are_known(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "127.0.0.1.example", "0.0.0.0", "localhost.example", "::2"])
def test_all_others_are_not_this_machine(host: str):
    assert not is_loopback(host)
