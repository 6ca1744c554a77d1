"""Reading `atlas.toml` and index files: every problem in one message, with the key's path."""

from __future__ import annotations

import os
import re
import reprlib
import tomllib
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ValidationError

from regional_atlas.config import AtlasConfig, RankingConfig
from regional_atlas.config.file import AtlasFile
from regional_atlas.config.index import IndexConfig
from regional_atlas.config.index.file import tree_problems
from regional_atlas.config.index.weights import judged_weights
from regional_atlas.config.map import MapLayout
from regional_atlas.config.rasters import declared_codes
from regional_atlas.config.short_form import in_full, light_years
from regional_atlas.core.arguments import a_flag, a_path, some_texts
from regional_atlas.core.digests import Stamp, stamp_of
from regional_atlas.core.errors import ConfigError, problems_of, raise_if
from regional_atlas.core.model import Given, ProblemsError
from regional_atlas.core.outputs import dated_files, is_built
from regional_atlas.core.signs import control

__all__ = [
    "Project",
    "index_from",
    "project_file",
    "project_of_text",
    "read_index",
    "read_project",
    "read_what_holds",
]

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Project:
    """An atlas project: its folder, its configuration and the index files that rankings name.

    Attributes
    ----------
    root : Path
        The folder that holds `atlas.toml`.
    config : AtlasConfig
        Everything the file says, paths resolved.
    indices : dict of str to IndexConfig
        By ranking id.
    files : mapping of str to list of Path
        By key of `atlas.toml`, the files that it names, those of every date included, as the file
        says and as `overrides` say; under the empty key, `atlas.toml` itself.
    notes : list of str
        What may be a slip, and is read as it stands.
    left_out : frozenset of str
        Sections of the file that are not read because they are wrong (`read_what_holds`).
    stamps : mapping of Path to Stamp
        Of these files, from before they were read.
    """

    root: Path
    config: AtlasConfig
    indices: dict[str, IndexConfig]
    files: Mapping[str, list[Path]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: frozenset[str] = frozenset()
    stamps: Mapping[Path, Stamp | None] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the project and its folder."""
        return f"<Project {self.id!r} in {self.root}>"

    @property
    def id(self) -> str:
        """The project's id."""
        return self.config.id

    @cached_property
    def layout(self) -> MapLayout:
        """How the map is drawn, complete in the project of every build (`with_map`)."""
        given = {name: getattr(self.config.map, name) for name in self.config.map.model_fields_set}
        return MapLayout(**given)

    def with_map(self, layout: MapLayout) -> Project:
        """Complete what the project says of its map; a layout has none of the project's files."""
        complete = layout.model_copy(update={"context": self.config.map.context})
        return replace(self, config=self.config.model_copy(update={"map": complete}))

    def shown(self, path: Path) -> str:
        """Name a file without the place of the project on this machine."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
        )

    def ranking(self, name: str) -> RankingConfig:
        """Return a ranking by id; ConfigError lists the declared ones when there is no such."""
        for ranking in self.config.rankings:
            if ranking.id == name:
                return ranking
        allowed = ", ".join(ranking.id for ranking in self.config.rankings)
        raise ConfigError(f"no ranking {name!r}; allowed: {allowed or 'none is declared'}")

    def kinds(self) -> list[str]:
        """Ids of the region kinds, in the order of the file."""
        return [kind.id for kind in self.config.regions.kinds] if self.config.regions else []

    def levels(self) -> list[str]:
        """Ids of the parent levels, outermost first."""
        return [parent.id for parent in self.config.boundaries.parents]

    def inputs(self, *, makes: Collection[str] = ()) -> list[tuple[str, Path]]:
        """List the files that no command may write to, each with the key that names it.

        Parameters
        ----------
        makes : collection of str
            Keys whose files are what the command makes.
        """
        return [
            (f"atlas.toml {key}" if key else "PROJECT", path)
            for key, paths in self.files.items()
            if key not in makes
            for path in paths
        ]


def read_project(
    path: str | Path,
    *,
    overrides: Sequence[str] = (),
    without: Sequence[str] = (),
    allow_outside: bool = False,
) -> Project:
    """Read and check a project.

    Parameters
    ----------
    path : str or Path
        The project's folder, or its `atlas.toml`.
    overrides : sequence of str
        `key.path=value` lines that replace what the file says. A path given so may lie outside the
        project; it counts from the working directory.
    without : sequence of str
        `key.path` lines to leave out, for a command that makes what they name.
    allow_outside : bool
        Whether files that the project names may lie outside its folder.

    Returns
    -------
    Project

    Raises
    ------
    InputError
        A wrong argument.
    ConfigError
        Naming every unknown key, wrong type, missing file and dangling reference at once.
    """
    a_path("path", path, "the path of a project's folder or of its atlas.toml")
    overrides = some_texts("overrides", overrides, "a list of texts such as 'map.digits=1'")
    without = some_texts("without", without, "a list of keys")
    a_flag("allow_outside", allow_outside)
    file = project_file(path)
    before = {file.resolve(): stamp_of(file)}
    raw = _read_toml(file, _BUILT if is_built(file.parent) else _STARTER)
    read = _project(raw, file, overrides, without, {"allow_outside": allow_outside})
    return replace(read, stamps={**read.stamps, **before})


def read_what_holds(
    path: str | Path, *, overrides: Sequence[str] = (), allow_outside: bool = False
) -> tuple[Project | None, ConfigError | None]:
    """Read a project as far as its file is right, to check the rest of it all the same.

    Returns
    -------
    Project or None
        Without the sections that are wrong, and those that refer to them; None where the
        boundaries are among them.
    ConfigError or None
        All that is wrong with the file.
    """
    first: ConfigError | None = None
    without: list[str] = []
    while True:
        try:
            read = read_project(
                path, overrides=overrides, without=without, allow_outside=allow_outside
            )
            return replace(read, left_out=frozenset(without)), first
        except ConfigError as error:
            first = first or error
            sections = (re.match(r"\w+", problem) for problem in error.problems)
            wrong = {found[0] for found in sections if found} - {*without}
            if not wrong or "boundaries" in wrong:
                return None, first
            without += sorted(wrong)


def project_file(path: str | Path) -> Path:
    """Give the `atlas.toml` of a project's folder, or the file itself."""
    path = Path(path)
    return path / "atlas.toml" if path.is_dir() else path


def project_of_text(
    text: str, file: Path, beside: Mapping[str, str], *, allow_outside: bool = False
) -> Project:
    """Read and check what a project file would say.

    Parameters
    ----------
    text : str
        Of the file.
    file : Path
        Where it would stand.
    beside : mapping of str to str
        CSV files that would stand beside it: name to text.
    allow_outside : bool
        As `read_project` takes it.
    """
    reading = {"beside": beside, "allow_outside": allow_outside}
    return _project(tomllib.loads(text), file, (), (), reading)


def _project(
    raw: dict[str, Any],
    file: Path,
    overrides: Sequence[str],
    without: Sequence[str],
    reading: Mapping[str, Any],
) -> Project:
    root = file.resolve().parent
    files = {"": [file.resolve()], **_named_files(raw, root)}
    years = light_years(raw, root)
    for line in overrides:
        _override(raw, line)
    if overrides:
        for key, paths in _named_files(raw, root).items():
            files[key] = [*dict.fromkeys([*files.get(key, []), *paths])]
    stamps = {path: stamp_of(path) for paths in files.values() for path in paths}
    for key in without:
        _leave_out(raw, key)
    full = in_full(raw, root, years)
    context = {"root": root, "measurement_units": full.units, **reading}
    config, problems = _validate(AtlasConfig, full.raw, context)
    problems = [*full.problems, *problems, *_dangling(full.raw)]
    problems += full.set_problems(config) if config else []
    shown = (_shortened(full.in_file(problem)) for problem in problems)
    problems = [*dict.fromkeys([*_controls(raw), *shown])]
    indices = {}
    for i, ranking in enumerate(config.rankings if config else []):
        if ranking.index is not None:
            try:
                indices[ranking.id] = read_index(ranking.index)
            except ConfigError as error:
                problems += [f"rankings[{i}].index: {line}" for line in error.problems]
    raise_if(problems, ConfigError, str(file))
    assert config is not None
    slips = [*_near_units(full.raw, full.units), *_added_up(config)]
    notes = [full.in_file(note) for note in slips]
    noted = [*dict.fromkeys(notes)]
    return Project(root, config, indices, files, noted, stamps=stamps)


def _shortened(problem: str) -> str:
    """Leave out the middle of a problem that a very long value makes long.

    Examples
    --------
    >>> len(_shortened("x" * 100_000))
    2003
    """
    if len(problem) <= MOST_SIGNS:
        return problem
    return f"{problem[: MOST_SIGNS - 500]} … {problem[-500:]}"


MOST_SIGNS = 2_000
"""Of one problem in a message."""


def _near_units(raw: Any, names: Collection[str]) -> Iterator[str]:
    """Say which units that stand as they are written are nearly the name of a declared one.

    Any text is a unit, so that none is refused.
    """
    for loc, text in _texts(raw):
        if not str(loc[-1]).endswith("unit") or text in names:
            continue
        for near in get_close_matches(text, names, n=1, cutoff=_NEAR):
            yield (
                f"{_path(loc)}: {text!r} is written as it stands; if {near!r} of "
                "[measurement_units] is meant, correct the name"
            )


_MEAN = re.compile(
    r"\b(median|mean|average|rate|ratio|share|percent(age)?|density"
    r"|per (head|capita|person|inhabitant|resident|km))\b|[率均]|占比|比重|密度|中位|%",
    re.IGNORECASE,
)
"""What titles and units of values that do not add up often say."""


def _added_up(config: AtlasConfig) -> Iterator[str]:
    """Say which columns add up, though their titles or units are those of means and shares."""
    for name, table in config.indicators.items():
        for at, column in enumerate(table.columns):
            if {"extensive", "kind"} & column.model_fields_set:
                continue
            said = [*column.title.values(), *column.unit.values(), *column.columns]
            if found := next((text for text in said if _MEAN.search(text)), None):
                yield (
                    f"indicators.{name}.columns[{at}]: {found!r} adds up over the units of a "
                    "region; write extensive = false (with a `weight`) if it does not, "
                    "extensive = true if it does"
                )


_NEAR = 0.85
"""Share of letters that two names have in common: one slip in seven letters."""


def _named_files(raw: Any, root: Path) -> dict[str, list[Path]]:
    """Find the files that texts of a TOML document name, by key."""
    found: dict[str, list[Path]] = {}
    for loc, text in _texts(raw):
        # Most texts are no files: each is tried as text before it becomes a path.
        name = os.path.expanduser(text) if isinstance(text, Given) else os.path.join(root, text)
        if "{" in text or os.path.isfile(name):
            found[_path(loc)] = dated_files(Path(name))
    return {key: paths for key, paths in found.items() if paths}


def _texts(
    raw: Any, loc: tuple[int | str, ...] = ()
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if isinstance(raw, str):
        yield loc, raw
    elif isinstance(raw, dict | list):
        for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw):
            yield from _texts(value, (*loc, key))


def read_index(path: Path) -> IndexConfig:
    """Read and check an index file.

    Raises
    ------
    ConfigError
        Naming every problem at once.
    """
    return index_from(_read_toml(path), where=str(path), root=path.parent)


def index_from(raw: dict[str, Any], *, where: str, root: Path = Path()) -> IndexConfig:
    """Check an index as an index file says it.

    Parameters
    ----------
    raw : dict
        The same keys as the file's.
    where : str
        What messages call it.
    root : Path
        What paths in it begin from.

    Raises
    ------
    ConfigError
        Naming every problem at once.
    """
    config, problems = _validate(IndexConfig, raw, {"root": root})
    problems = [*_controls(raw), *problems]
    if config is None:
        problems += [line for line in _tree(raw) if line not in problems]
    else:
        problems += problems_of(lambda: judged_weights(config))
    raise_if(map(_shortened, problems), ConfigError, where)
    assert config is not None
    return config


def _tree(raw: dict[str, Any]) -> list[str]:
    """List what is wrong with the tree of an index file whose nodes may have other faults."""
    nodes = raw.get("nodes")
    named: list[tuple[str, str]] = []
    for node in nodes if isinstance(nodes, list) else []:
        if not isinstance(node, dict):
            return []
        code, parent = node.get("code"), node.get("parent", "index")
        if not (isinstance(code, str) and isinstance(parent, str)):
            return []
        named.append((code, parent))
    return tree_problems(named) if named else []


_BUILT = (
    "the folder is what a build wrote: it can be asked (query, summarise, compare, sql, export), "
    "all else needs the project's folder"
)
_STARTER = (
    "a project is a folder with an atlas.toml (`regional-atlas new DIR` writes one to start from)"
)


MOST_TOML = 2 * 2**20
"""Bytes of a TOML file."""
MOST_VALUES = 100_000
"""Keys and items of lists in it."""
MOST_NESTED = 32
"""Tables and lists in one another."""
MOST_DIGITS = 1_000
"""Signs of a number."""


def _read_toml(file: Path, hint: str = "") -> dict[str, Any]:
    if not file.is_file():
        raise ConfigError(f"file not found{hint and '; '}{hint}", where=str(file))
    if file.stat().st_size > MOST_TOML:
        raise ConfigError(
            f"has {file.stat().st_size / 2**20:,.0f} MB; at most {MOST_TOML / 2**20:,.0f} MB are "
            f"read: {_TO_CSV}",
            where=str(file),
        )
    try:
        text = file.read_text(encoding="utf-8")
        raise_if(_unreadable(text), ConfigError, str(file))
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"not UTF-8: {error}", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=str(file)) from error
    except RecursionError as error:
        raise ConfigError(
            f"{_longest(text, _OPENING)}: {_TOO_DEEP}",
            where=str(file),
        ) from error
    raise_if(_out_of_bounds(raw), ConfigError, str(file))
    return raw


def _controls(raw: Any, loc: tuple[int | str, ...] = ()) -> Iterator[str]:
    """Name the keys and texts that hold control characters, which few files may hold."""
    if isinstance(raw, str) and (sign := control(raw)) is not None:
        yield f"{_path(loc)}: holds {sign}; remove it"
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if isinstance(key, str) and (sign := control(key)) is not None:
                yield f"{_path((*loc, key))}: the key holds {sign}; remove it"
            yield from _controls(value, (*loc, key))
    elif isinstance(raw, list):
        for at, value in enumerate(raw):
            yield from _controls(value, (*loc, at))


def _unreadable(text: str) -> Iterator[str]:
    """Name the lines that would take the reader very long, which what it reads no longer shows."""
    if text.count(".") > MOST_VALUES:  # each may be a key in a key
        yield f"more than {MOST_VALUES:,} dots, each of which may part keys; {_TO_CSV}"
        return
    for pattern, problem in (
        (_NUMBER, f"a number of thousands of digits; {_ALLOWED_INTEGERS}"),
        (_DOTTED, _TOO_DEEP),
    ):
        if pattern.search(text):
            yield f"{_longest(text, pattern)}: {problem}"


def _longest(text: str, pattern: re.Pattern[str]) -> str:
    """Name the line, and its key, that holds the longest run of a pattern."""

    def length(line: str) -> int:
        return max((len(found[0]) for found in pattern.finditer(line)), default=0)

    lines = text.splitlines()
    number = max(range(len(lines)), key=lambda at: length(lines[at]))
    key, sign, _ = lines[number].partition("=")
    return f"line {number + 1}, {key.strip()[:100]}" if sign else f"line {number + 1}"


_TO_CSV = "put long lists into CSV files"
_ALLOWED_INTEGERS = "allowed: whole numbers of 64 bits, as TOML has them"
_TOO_DEEP = (
    f"lists or tables are nested too deep to be read; allowed are {MOST_NESTED} in one another"
)
_OPENING = re.compile(r"[\[{]+")
_NUMBER = re.compile(rf"(?<![\w\"'.+-])[+-]?[0-9][0-9a-fA-Fxo_.]{{{MOST_DIGITS},}}")
_DOTTED = re.compile(
    rf"""(?<![\w"'-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){{{MOST_NESTED},}}"""
)
"""Keys of keys: a parser's time for them grows with the square of their number."""


def _out_of_bounds(raw: Any) -> Iterator[str]:
    """Name the keys of what is nested too deep and of numbers that TOML does not have."""
    values = 0
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), raw)]
    while waiting:
        loc, value = waiting.pop()
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            yield f"{_path(loc)}: {_shown_size(value)} is too large; {_ALLOWED_INTEGERS}"
        if not isinstance(value, dict | list):
            continue
        values += len(value)
        if values > MOST_VALUES:
            yield f"more than {MOST_VALUES:,} keys and items; {_TO_CSV}"
            return
        if len(loc) >= MOST_NESTED:
            yield f"{_path(loc[:3])}…: {_TOO_DEEP}"
            return
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        waiting += reversed([((*loc, key), item) for key, item in inner])


def _shown_size(value: int) -> str:
    """Write a large whole number; Python writes and divides very large ones slowly, or not."""
    return f"{value:.3g}" if value.bit_length() < 1000 else "a number of hundreds of digits"


def _override(raw: dict[str, Any], line: str) -> None:
    key, separator, text = line.partition("=")
    parts = key.strip().split(".")
    if not separator or not all(parts):
        raise ConfigError(f"--set {line!r}: expected KEY.PATH=VALUE")
    raise_if(_unreadable(line), ConfigError, "--set")
    table = raw
    for part in parts[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise ConfigError(f"--set {line!r}: {part!r} is not a table; lists cannot be set")
    table[parts[-1]] = _literal(text.strip())
    raise_if(_out_of_bounds(raw), ConfigError, f"--set {key.strip()[:100]}")


def _leave_out(raw: dict[str, Any], key: str) -> None:
    *tables, last = key.split(".")
    table: Any = raw
    for part in tables:
        table = table.get(part, {})
    table.pop(last, None)


def _literal(text: str) -> Any:
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return Given(text)
    except RecursionError:
        raise ConfigError(_TOO_DEEP, where=f"--set {text[:100]!r}") from None
    return Given(value) if isinstance(value, str) else value


def _validate(
    model: type[M], raw: dict[str, Any], context: Mapping[str, Any]
) -> tuple[M | None, list[str]]:
    try:
        return _unmarked(model.model_validate(raw, context=dict(context))), []
    except ValidationError as error:
        said = AtlasFile if model is AtlasConfig else model
        return None, [line for problem in error.errors() for line in _lines(said, problem)]


def _unmarked(value: Any) -> Any:
    """Make plain text of what `Given` marks, once it is checked: libraries in C want it exact."""
    if isinstance(value, Given):
        return str(value)
    if isinstance(value, BaseModel):
        for name, held in value.__dict__.items():
            value.__dict__[name] = _unmarked(held)
    elif isinstance(value, list):
        value[:] = map(_unmarked, value)
    elif isinstance(value, dict):
        value.update({name: _unmarked(held) for name, held in value.items()})
    return value


def _lines(model: type[BaseModel], problem: Any) -> list[str]:
    cause = problem.get("ctx", {}).get("error")
    if not isinstance(cause, ProblemsError):
        return [_line(model, problem)]
    return [_line(model, problem | {"msg": f"Value error, {line}"}) for line in cause.problems]


def _line(model: type[BaseModel], problem: Any) -> str:
    path, holder, kind = _place(model, problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        message = f"unknown key for kind {kind!r}" if kind else "unknown key"
        allowed = ", ".join(getattr(holder, "model_fields", []))
        message += f"; allowed: {allowed}" if allowed else ""
    elif problem["type"] == "missing":
        message = f"is missing; kind {kind!r} needs it" if kind else "is missing"
    elif problem["type"] in ("union_tag_not_found", "union_tag_invalid"):
        path, tag = f"{path}.kind", problem["ctx"].get("tag")
        message = "is missing" if tag is None else f"no such kind {tag!r}"
        message += f"; allowed: {', '.join(_kinds(holder))}"
    elif problem["type"] in ("model_type", "model_attributes_type", "dict_type"):
        message = f"expected a table of keys, found {reprlib.repr(problem['input'])}"
    elif not problem["msg"].startswith("Value error"):
        message = f"{message}, found {reprlib.repr(problem['input'])}"
    return f"{path}: {message}" if path else message


def _place(model: type[BaseModel], loc: Sequence[int | str]) -> tuple[str, Any, str | None]:
    """Give the path of a problem as the file has it, the model that holds it, and that one's kind.

    Where a model is one of several kinds, pydantic names the kind as if it were a key.
    """
    keys: list[int | str] = []
    holder, kind = model, None
    for at, part in enumerate(loc, start=1):
        kinds = _kinds(holder)
        if part in kinds:
            holder, kind = kinds[str(part)], str(part)
            continue
        if _BRANCH.match(str(part)):
            continue
        keys.append(part)
        declared = getattr(holder, "model_fields", {}).get(part)
        if declared is not None and at < len(loc):
            holder, kind = _inner(declared.annotation), None
    return _path(keys), holder, kind


_BRANCH = re.compile(r"(literal|function-\w+|constrained-\w+)\[")
"""How pydantic names a type of several that a value may have, as if it were a key."""


def _path(loc: Iterable[int | str]) -> str:
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _inner(annotation: Any) -> Any:
    """Return the model inside `list[Model]`, `dict[str, Model]` or `Model | None`, or its kinds."""
    if typing.get_origin(annotation) is Annotated:
        return _inner(typing.get_args(annotation)[0])
    arguments = [a for a in typing.get_args(annotation) if a is not types.NoneType]
    if not arguments or _kinds(annotation):
        return annotation
    return _inner(arguments[-1])


def _kinds(annotation: Any) -> dict[str, type[BaseModel]]:
    """Give the models of a union that are told apart by `kind`, by the name of each."""
    models = [m for m in typing.get_args(annotation) if hasattr(m, "model_fields")]
    if len(models) < 2 or not all("kind" in m.model_fields for m in models):
        return {}
    return {name: m for m in models for name in typing.get_args(m.model_fields["kind"].annotation)}


_LISTS = ("plates", "rankings", "clusters", "space", "inequality")


def _rows(raw: dict[str, Any], *keys: str) -> list[tuple[str, dict[str, Any]]]:
    """List the indicators that the tables declare under some keys, each with its place."""
    tables = raw.get("indicators", {})
    return [
        (f"indicators.{name}.{key}[{i}]", row)
        for name, table in (tables.items() if isinstance(tables, dict) else ())
        if isinstance(table, dict)
        for key in keys
        for i, row in enumerate(table[key] if isinstance(table.get(key), list) else [])
        if isinstance(row, dict)
    ]


def _no_indicator(raw: dict[str, Any]) -> list[str]:
    """List what weighs the means of regions and is not an indicator."""
    rasters = raw.get("rasters", {})
    measured = [
        code
        for name, table in (rasters.items() if isinstance(rasters, dict) else ())
        for code in (declared_codes(name, table) if isinstance(table, dict) else ())
    ]
    codes = [row["code"] for _, row in _rows(raw, "columns", "derived") if _named(row)]
    named = [("population", raw.get("population"), [*codes, *measured])]
    weights = [row["code"] for _, row in _rows(raw, "columns") if _named(row)] + measured
    named += [
        (f"{place}.weight", row.get("weight"), [*weights, "area_km2"])
        for place, row in _rows(raw, "columns")
    ]
    return [
        f"{place}: no such indicator {code!r}; "
        f"allowed: {', '.join(map(str, dict.fromkeys(allowed))) or 'none is declared'}"
        for place, code, allowed in named
        if isinstance(code, str) and code not in allowed
    ]


def _named(row: dict[str, Any]) -> bool:
    return isinstance(row.get("code"), str)


def _dangling(raw: dict[str, Any]) -> list[str]:
    """List references to rankings, levels, kinds, cluster sets and citations that do not exist."""

    def at(*path: str) -> Any:
        table: Any = raw
        for part in path:
            table = table.get(part, {}) if isinstance(table, dict) else {}
        return table

    def names(*path: str) -> list[str]:
        table = at(*path)
        return list(table) if isinstance(table, dict) else []

    def ids(*path: str) -> set[str]:
        found = (row.get("id") for row in at(*path) or [] if isinstance(row, dict))
        return {name for name in found if isinstance(name, str)}

    def readable(*path: str) -> bool:
        outer = (at(*path[:end]) for end in range(1, len(path)))
        return all(isinstance(table, dict) for table in outer) and isinstance(at(*path) or [], list)

    declared = {
        "ranking": ("rankings",),
        "level": ("boundaries", "parents"),
        "region_kind": ("regions", "kinds"),
        "set": ("clusters",),
    }
    # Where a section is no list, that is what is wrong, not what refers to it.
    known = {key: ids(*path) for key, path in declared.items() if readable(*path)} | {
        "citation": {
            "boundaries",
            "nightlights",
            *names("citations"),
            *names("indicators"),
            *names("rasters"),
        },
    }
    problems = _no_indicator(raw)
    levels = sorted(known.get("level", set()))
    kinds = at("regions", "kinds") if "level" in known else []
    problems += [
        f"regions.kinds[{i}].of: no such level {row['of']!r}; "
        f"allowed: {', '.join(levels) or 'none is declared'}"
        for i, row in enumerate(kinds if isinstance(kinds, list) else [])
        if isinstance(row, dict) and isinstance(row.get("of"), str) and row["of"] not in levels
    ]
    for name, table in [
        *((name, at(name)) for name in _LISTS),
        ("regions.kinds", at("regions", "kinds")),
    ]:
        rows = [row for row in table if isinstance(row, dict)] if isinstance(table, list) else []
        seen: set[str] = set()
        for i, row in enumerate(rows):
            problems += [
                f"{name}[{i}].{key}: no such {key.replace('_', ' ')} {row[key]!r}; "
                f"allowed: {', '.join(sorted(allowed)) or 'none is declared'}"
                for key, allowed in known.items()
                if isinstance(row.get(key), str) and row[key] not in allowed
            ]
            if str(row.get("id")) in seen:
                problems.append(f"{name}[{i}].id: {row['id']!r} stands more than once")
            seen.add(str(row.get("id")))
    return problems
