import socket

import pytest

from hypertransport.errors import ConfigError
from hypertransport.listening import address, listen


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
