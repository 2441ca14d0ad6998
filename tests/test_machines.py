"""The settings of `make test-machines` and the check of `make test-floors`."""

import subprocess
import sys
from itertools import product

import pytest
from floors import PYPROJECT, bound, read_pins, requirements, tomllib, wrong
from machines import ALL, CAPABILITIES, Machine, lacking, outcome
from packaging.requirements import Requirement
from packaging.version import Version

PRINTED = "import torch; print(torch.backends.cpu.get_cpu_capability())"


def test_all_machines_are_named_and_read_back():
    assert len(ALL) == 12
    assert [Machine.parse(str(machine)) for machine in ALL] == ALL


@pytest.mark.parametrize("text", ["avx2", "avx3:0:1", "avx2:2:1", "avx2:0:0", "avx2:0:1:1", "::"])
def test_no_other_machine_is_read(text):
    with pytest.raises(ValueError, match=r".+"):
        Machine.parse(text)


def test_a_cpu_pretends_to_have_no_more_than_it_has():
    for own, other in product(CAPABILITIES, repeat=2):
        more = list(CAPABILITIES).index(other) > list(CAPABILITIES).index(own)
        assert lacking(Machine(other, 0, 1), own) == more
    assert [m for m in ALL if not lacking(m, "sve256")] == ALL[:4]


def test_the_poorest_machine_is_what_torch_computes_as():
    environment = Machine("default", 0, 1).environment
    told = subprocess.check_output([sys.executable, "-c", PRINTED], env=environment, text=True)
    assert told.strip() in ("DEFAULT", "NO AVX")


def test_outcomes_are_counted_from_the_report(tmp_path):
    report = tmp_path / "report.xml"
    assert outcome(report) == "no tests were run"
    counts = 'tests="9" failures="1" errors="2" skipped="3"'
    report.write_text(f"<testsuites><testsuite {counts}/></testsuites>")
    assert outcome(report) == "3 passed, 3 failed, 3 skipped"


def test_every_dependency_has_a_lower_bound():
    project = tomllib.loads(PYPROJECT.read_text())["project"]
    for extra in project["optional-dependencies"]:
        assert all(map(bound, requirements(project, extra)))


def test_pins_are_the_greatest_bounds_that_are_declared():
    declared = [*map(Requirement, ("a>=1", "A>=1.2,<2", "b"))]
    assert wrong(declared, {"a": Version("1.2.0")}) == ["b has no lower bound; declare one"]
    pins = read_pins("# made by hand\na==1.3 ; python_version > '3'\nb==2\n")
    assert wrong(declared[:2], pins) == ["a>=1.2 resolves to 1.3; raise its bound to that"]
