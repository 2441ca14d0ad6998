"""What becomes of a CPU's memory between two pictures.

glibc gives freed memory back to the system, and the system clears every page of it before it gives
it out again: a thousand pages and more for each batch of eight pictures, 5 to 18% of the time of
decoding it (LOG.md, tenth session).
"""

import ctypes
import platform

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of malloc.h
# Bytes: so much of what is free is kept, and larger pieces by themselves are given back as ever.
LIMITS = {TRIM_THRESHOLD: 2**27, MMAP_THRESHOLD: 2**25}


def keep_freed_memory() -> bool:
    """Keep what is freed for the next picture: in this process, from now on.

    Whether that can be: with the C library glibc alone.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    libc = ctypes.CDLL(None)
    return all(libc.mallopt(what, limit) for what, limit in LIMITS.items())
