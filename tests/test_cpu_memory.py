"""Freed memory stays in the process."""

import platform
import subprocess
import sys

import pytest

from hypertransport.cpu_memory import keep_freed_memory

PROGRAM = """
import resource, sys
import numpy as np
from hypertransport.cpu_memory import keep_freed_memory

def faults_of_one_more():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(2**21)  # 16 MiB: of a size that is given back when it is freed first
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if sys.argv[1] == "keep":
    assert keep_freed_memory()
faults_of_one_more()
print(faults_of_one_more())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that is told")
def test_what_was_freed_is_used_again():
    def run(how):
        command = [sys.executable, "-c", PROGRAM, how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert 100 * (run("keep") + 1) < run("do not")


def test_elsewhere_it_says_that_it_cannot(monkeypatch):
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not keep_freed_memory()
