"""Which functions of the package read what came from outside, by their source; and which ran."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType

import hypertransport

PACKAGE = Path(hypertransport.__file__).parent
# Calls by which bytes become values, by the last parts of their names.
READING = (
    "json.loads", "json.load", "tomllib.loads", "torch.load", "torch.load_file", "csv.reader",
    "parse_json", "read_json", "safe_open", "read_tensors", "parse_tensors", "read_text",
    "read_bytes", "b64decode", "np.frombuffer", "sqlite3.connect", "from_pretrained", "load_config",
    "model_validate_json", "urlopen", "client.stream", "Image.open", "open",
)  # fmt: skip
# Readers of the package: who calls one of these reads nothing by itself.
OWN = ("HyperTransport", "ConceptEncoder", "Classifier", "Intervention", "Answers", "cls")


def reading_functions() -> set[str]:
    """Every function with such a call, as `evaluation.records.read`."""
    return {
        f"{_module(path)}.{name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for name, node in _functions(ast.parse(path.read_text(encoding="utf-8")))
        if any(map(_reads, _own_calls(node)))
    }


def ran(action: Callable[[], object]) -> set[str]:
    """The functions of the package that run in a call, in this thread."""
    codes: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            codes.add(frame.f_code)

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    own = [code for code in codes if code.co_filename.startswith(str(PACKAGE))]
    return {f"{_module(Path(code.co_filename))}.{_plain(code.co_qualname)}" for code in own}


def _module(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _plain(qualname: str) -> str:
    """Without what Python says of functions within functions."""
    return ".".join(part for part in qualname.split(".") if part != "<locals>")


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        name = f"{prefix}{child.name}." if named else prefix  # pyright: ignore
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield name.rstrip("."), child
        yield from _functions(child, name)


def _own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function, without those in functions within it."""
    for child in ast.iter_child_nodes(function):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _own_calls(child)


def _reads(call: ast.Call) -> bool:
    """Whether it is one of `READING`; a file that is opened to be written is not read."""
    name = ast.unparse(call.func)
    if name.partition(".")[0] in OWN:
        return False
    if name.rpartition(".")[2] == "open" and any(map(_writes, call.args)):
        return False
    return any(name == one or name.endswith(f".{one}") for one in READING)


def _writes(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and str(argument.value)[:1] in ("w", "a", "x")
