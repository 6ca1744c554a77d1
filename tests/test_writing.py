"""Every file is written whole or not at all: through `core/atomic.py`, and nowhere around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import regional_atlas

PACKAGE = Path(regional_atlas.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "web" not in path.parts)

WRITES = {
    "write_text", "write_bytes", "to_csv", "to_parquet", "to_file", "to_feather", "to_json",
    "to_excel", "write_dataframe", "write_dataset", "write_layer", "writelines", "dump", "save",
    "savez", "tofile", "copyfile", "copytree", "copy2", "move", "extractall", "savefig",
}  # fmt: skip
"""Names of functions and methods that write a file, where they are given a path."""
OURS = {"atlas.save"}
"""Functions of this package with such a name."""
OPENS = {"open", "fdopen", "ZipFile", "TarFile", "connect"}
"""Names of functions that write when they are given a mode that writes."""
MOVES = {"replace", "rename", "renames", "link", "symlink", "mkstemp", "NamedTemporaryFile"}
"""Functions of `os` and `tempfile` that only the helper calls."""

ELSEWHERE = {
    "core/atomic.py": "the helper",
    "core/folders.py": "the same for folders",
    "tables/store.py": "entries carry a checksum; put in place by the helper without waiting",
    "sources/archives_http.py": "a download goes on where it stopped; put in place by the helper",
    "cli/__init__.py": "a stream that leads nowhere, where the caller closed one",
    "query/sql/worker.py": "the answer goes to standard output",
    "publish/files.py": "copies into the folder that `whole_folder` puts in place",
    "export/_ogr.py": "write_layer takes the temporary path of its callers",
}
"""Modules that may write otherwise, and why."""


def name_of(call: ast.Call) -> str:
    found = call.func
    return found.attr if isinstance(found, ast.Attribute) else getattr(found, "id", "")


def owner_of(call: ast.Call) -> str:
    """Name the module that a function is called from, as `os` in `os.replace`."""
    value = call.func.value if isinstance(call.func, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""


def writes(call: ast.Call) -> bool:
    name = name_of(call)
    if name in MOVES:
        return owner_of(call) in ("os", "tempfile", "shutil")
    if name in OPENS:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        modes = [item.value for item in given if isinstance(item, ast.Constant)]
        return any(
            isinstance(mode, str) and len(mode) <= 3 and set(mode) & set("wax+") for mode in modes
        )
    if name in ("to_csv", "to_json"):
        return bool(call.args) or any(word.arg == "path_or_buf" for word in call.keywords)
    if name in ("write_text", "dump"):
        return isinstance(call.func, ast.Attribute) and len(call.args) > (name == "dump")
    return name in WRITES and ast.unparse(call.func) not in OURS


def given_names(function: ast.AST) -> set[str]:
    """Name what is a temporary path here: bound by `with atomic_path(…)`, or made from such."""
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Call):
            bound = node.optional_vars
            if name_of(node.context_expr) == "atomic_path" and isinstance(bound, ast.Name):
                names.add(bound.id)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and used_names(node.value) & names:
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def used_names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def outermost(tree: ast.Module) -> Iterator[ast.AST]:
    """Give the functions and methods, then what stands outside of them."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from node.body
        else:
            yield node


def helpers_of(tree: ast.Module) -> set[str]:
    """Name the functions of a module that only get temporary paths: they may write to them."""
    calls: dict[str, list[bool]] = {}
    for function in outermost(tree):
        names = given_names(function)
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            calls.setdefault(name_of(call), []).append(bool(used_names(call) & names))
    return {name for name, through in calls.items() if all(through)}


def written_around(source: str) -> list[str]:
    """List the lines that write a file otherwise than to a path of `atomic_path`."""
    tree = ast.parse(source)
    helpers = helpers_of(tree)
    found = []
    for function in outermost(tree):
        if getattr(function, "name", None) in helpers:
            continue
        names = given_names(function) | in_memory(function)
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if writes(call) and not used_names(call) & names:
                found.append(f"{call.lineno}: {ast.unparse(call)}")
    return found


def in_memory(function: ast.AST) -> set[str]:
    """Name the buffers of a function."""
    return {
        target.id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and name_of(node.value) in ("BytesIO", "StringIO")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_are_written_by_the_helper(path: Path) -> None:
    if path.relative_to(PACKAGE).as_posix() in ELSEWHERE:
        return
    assert written_around(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_writes_otherwise_is_there_and_does(name: str) -> None:
    assert written_around((PACKAGE / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "code",
    [
        'path.write_text("a")', "frame.to_csv(path)", "frame.to_csv(path_or_buf=path)",
        'open(path, "w")', 'path.open("ab")', 'path.open(mode="x")', "os.replace(a, b)",
        'rasterio.open(path, "w", driver="GTiff")', "json.dump(data, file)", "image.save(path)",
        "table.to_parquet(path)", "pyogrio.write_dataframe(frame, path)", "shutil.move(a, b)",
        'zipfile.ZipFile(path, "w")', "tempfile.mkstemp()",
        "with atomic_path(path) as new:\n    frame.to_csv(path)",
        "def put(path):\n    path.write_text('')\n"
        "def a():\n    with atomic_path(x) as new:\n        put(new)\n"
        "def b():\n    put(x)",
    ],
)  # fmt: skip
def test_writing_around_the_helper_is_recognised(code: str) -> None:
    assert written_around(code)


@pytest.mark.parametrize(
    "code",
    [
        "open(path)", 'path.open("rb")', "frame.to_csv(index=False)", 'text.replace("a", "b")',
        "frame.rename(columns={})", "model.model_dump()", 'rasterio.open(path, "r")',
        "with atomic_path(path) as new:\n    frame.to_csv(new)",
        'with atomic_path(path) as new:\n    side = new.with_suffix(".x")\n    open(side, "w")',
        "def put(path):\n    path.write_text('')\n"
        "def a():\n    with atomic_path(x) as new:\n        put(new)",
    ],
)  # fmt: skip
def test_what_does_not_write_is_let_be(code: str) -> None:
    assert written_around(code) == []
