"""How many people may enrol from one address, so that one of them cannot be a whole study."""

import time
from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network

from hypertransport.listening import as_address

HOUR = 3600.0
MAX_ADDRESSES = 10_000
IPV6_SITE = 64  # bits of an address that one household or machine has by itself


class AddressLimit:
    """At most `most` enrolments in an hour from each address; 0 is no limit.

    Addresses are kept in memory alone, for that hour. Where too many have been seen, new ones wait.
    """

    def __init__(self, most: int, now: Callable[[], float] = time.monotonic):
        self._most, self._now = most, now
        self._times: dict[str, deque[float]] = {}

    def allows(self, address: str) -> bool:
        """Return whether one more may enrol from here, and count it if so."""
        if not self._most:
            return True
        self._forget_old()
        site = _site(address)
        if site not in self._times and len(self._times) >= MAX_ADDRESSES:
            return False
        times = self._times.setdefault(site, deque())
        if len(times) >= self._most:
            return False
        times.append(self._now())
        return True

    def _forget_old(self) -> None:
        since = self._now() - HOUR
        for site, times in list(self._times.items()):
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._times[site]


def _site(address: str) -> str:
    found = as_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_SITE), strict=False))
    return str(found or address)
