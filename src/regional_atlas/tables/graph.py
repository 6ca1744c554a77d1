"""Tables on demand: each is made when somebody asks for it, from what its step declares.

A `Step` makes one or several tables from other tables and from sections of `atlas.toml`, with the
files that those name. It sees nothing else: what it does not declare is not there when it looks.
So the digest of just these is what its tables are stored under, and a changed line of `atlas.toml`
makes anew only what follows from it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from regional_atlas import __version__
from regional_atlas.config.map import InsetConfig, MapLayout, TilesConfig
from regional_atlas.config.project import Project
from regional_atlas.core import kinds, numerals, schema, texts
from regional_atlas.core.catalogues import ENGLISH
from regional_atlas.core.digests import Stamp, stamp_of
from regional_atlas.core.errors import (
    AbsentError,
    CheckError,
    DataError,
    InputError,
    raise_if,
    together,
)
from regional_atlas.core.model import Model
from regional_atlas.core.schema import AtlasTables, BuildReport
from regional_atlas.sources.parts import parts_of
from regional_atlas.tables.store import Store, digest

__all__ = ["CODE", "RECORDS", "Graph", "Progress", "Step", "Work", "quiet", "report_of"]

RECORDS = (
    InsetConfig, MapLayout, TilesConfig, kinds.Extensive, kinds.Growth, kinds.Index,
    kinds.IndicatorMeta, kinds.Intensive, kinds.Maximum, kinds.Minimum, kinds.Parts, kinds.Ratio,
    numerals.Count, numerals.Fixed, numerals.Percent, numerals.Year, schema.BuildReport,
    schema.Check, schema.CoverageFault, schema.MatchReport, schema.Omission, schema.RepairedUnit,
    schema.TableReading, texts.Joined, texts.LanguageName, texts.Message, texts.Quantity,
)  # fmt: skip
"""The dataclasses and settings that tables and reports may hold."""

Progress = Callable[[str, int, int], None]
"""Called with the name of a step, how much of it is done and how much there is."""


def quiet(step: str, done: int, total: int) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True)
class Work:
    """What a step may use beside its tables and settings.

    Attributes
    ----------
    report : BuildReport
        To be added to.
    store : Store
        For what is worth keeping on the way.
    key : callable
        Gives the digest of all that a table comes from, by the table's name.
    progress : callable
        See `Progress`.
    """

    report: BuildReport
    store: Store
    key: Callable[[str], str]
    progress: Progress


CODE = (
    "classes", "config", "core", "membership", "nightlights", "scoring", "sources", "spatial",
    "tables", "units", "zonal",
)  # fmt: skip
"""The packages whose code tables come from."""


@dataclass(frozen=True)
class Step:
    """One or several tables, made together.

    Attributes
    ----------
    gives : tuple of str
        Names of the tables.
    make : callable
        Makes them, of the project (only the `settings`), the tables (only those that it `needs`)
        and its `Work`: a tuple in the order of `gives`, or the one table.
    needs : tuple of str
        Names of other tables.
    settings : tuple of str
        Sections of `atlas.toml`: their values and the files that they name.
    partly : mapping of str to callable
        Further sections of which not everything counts: by name, what takes the section and gives
        what the step is to see in its place.
    files : callable
        Gives further files that count, of the project.
    outside : callable
        Gives what else counts, such as a variable of the environment, of the project.
    code : tuple of str
        The packages whose code the tables come from.
    records : callable
        Gives the dataclasses that the tables may hold, beside `RECORDS`.
    kept : bool
        Whether the tables are stored; not where making them is as fast as reading them. What the
        step has to say is stored all the same.
    always : bool
        Whether every build has the tables, or only one that is asked for them.
    """

    gives: tuple[str, ...]
    make: Callable[[Project, Any, Work], Any]
    needs: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    partly: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    files: Callable[[Project], Iterable[Path]] = lambda _: ()
    outside: Callable[[Project], Any] = lambda _: None
    code: tuple[str, ...] = CODE
    records: Callable[[], tuple[type, ...]] = tuple
    kept: bool = True
    always: bool = True

    @property
    def name(self) -> str:
        """Its first table."""
        return self.gives[0]


class Graph:
    """The tables of a project, each made or read from the store when it is asked for.

    Parameters
    ----------
    project : Project
        Whose settings and files count.
    steps : sequence of Step
        In an order in which each needs only what stands before it.
    store : Store
    progress : callable
        See `Progress`.

    Examples
    --------
    >>> from pathlib import Path
    >>> import tempfile, regional_atlas as ra
    >>> project = ra.read_project(Path(ra.__file__).parent / "starter")
    >>> one = Step(("one",), lambda project, tables, work: project.config.id, settings=("id",))
    >>> two = Step(("two",), lambda project, tables, work: [tables.one] * 2, needs=("one",))
    >>> Graph(project, [one, two], store=Store(Path(tempfile.mkdtemp()))).get("two")
    ['exampleland', 'exampleland']
    """

    def __init__(
        self, project: Project, steps: Sequence[Step], *, store: Store, progress: Progress = quiet
    ) -> None:
        self.project, self.store, self.progress = project, store, progress
        self._steps = steps
        self._of = {name: step for step in steps for name in (*step.gives, report_of(step))}
        self._made: dict[str, Any] = {}
        self._keys: dict[str, str] = {}
        self._read: dict[str, tuple[dict[Path, Stamp], str]] = {}

    def get(self, name: str) -> Any:
        """Give a table: made before, stored, or made now with all that it needs.

        Raises
        ------
        InputError
            The input is wrong; the message says where.
        """
        if name not in self._made:
            self._made[name] = self._given(self._of[name], name)
        return self._made[name]

    def key(self, name: str) -> str:
        """Digest all that a table comes from: settings, files, other tables, code."""
        step = self._of[name]
        if step.name not in self._keys:
            needs = [self.key(need) for need in step.needs]
            try:
                files = [*_files(self.project, step), *step.files(self.project)]
            except OSError as error:
                where = str(error.filename)
                raise DataError(f"cannot be read: {error.strerror}", where=where) from error
            stamps = {path: _stamp(path) for path in files}
            contents = self._contents(stamps)
            self._read[step.name] = stamps, contents
            self._keys[step.name] = digest(
                step.name,
                _settings(self.project, step),
                step.outside(self.project),
                needs,
                contents,
                _code(step.code),
            )
        return self._keys[step.name]

    def make_all(self) -> None:
        """Make what every build has.

        Raises
        ------
        InputError
            All `findings` as one, checks that are not met aside: the report has them.
        """
        errors = [each for each in self.findings() if not isinstance(each, CheckError)]
        if errors:
            raise together(errors)

    def findings(self, *further: str) -> list[InputError]:
        """Make what every build has, and list all that speaks against building.

        What needs a table that could not be made is passed over. Where a section of `atlas.toml`
        was left out because it is wrong, it is no finding that another part lacks what it gives.

        Parameters
        ----------
        *further : str
            Other tables to make.

        Returns
        -------
        list of InputError
            Of each step that fails, and one CheckError for each check that is not met.
        """
        lacking: set[str] = set()
        doubtful: set[str] = set()
        errors: list[InputError] = []
        for step in self._wanted(*further):
            if self._lacks_sections(step) or doubtful & {*step.needs}:
                doubtful |= {*step.gives}
            if lacking & {*step.needs}:
                lacking |= {*step.gives}
                continue
            try:
                # A report that is stored says that the tables could be made of the same.
                report = self.get(report_of(step))
            except InputError as error:
                lacking |= {*step.gives}
                follows = AbsentError if step.name in doubtful else ()
                errors += [part for part in error.errors if not isinstance(part, follows)]
                continue
            errors += [_not_met(check) for check in report.checks if not check.ok]
        return errors

    def _lacks_sections(self, step: Step) -> bool:
        """Tell whether a section that a step uses, or one that nobody knows, was left out."""
        known = type(self.project.config).model_fields
        seen = {*step.settings, *step.partly}
        left_out = {"plates" if name == "groups" else name for name in self.project.left_out}
        return any(name in seen or name not in known for name in left_out)

    def report(self) -> BuildReport:
        """Put together what the steps of a build have to say, in their order."""
        whole = BuildReport(__version__)
        for step in self._wanted():
            whole.add(self.get(report_of(step)))
        return whole

    def tables(self) -> AtlasTables:
        """Give all tables as one object, each made when it is looked at."""
        return _Tables(self, frozenset(self._of))

    def _contents(self, stamps: Mapping[Path, Stamp]) -> str:
        """Digest the contents of files, once for as long as none of them is touched.

        Of a file written a moment ago nothing is kept: the next write may leave the same stamp.
        """
        if not stamps:
            return ""

        def make() -> str:
            return digest(files=stamps)

        last = max(max(stamp.written, stamp.changed) for stamp in stamps.values())
        if time.time_ns() - last < _COARSEST:
            return make()
        key = digest([(str(path), *stamp) for path, stamp in stamps.items()])
        found: str = self.store.get("contents", key, make)
        return found

    def _same_files(self, step: Step) -> None:
        """Refuse what was made of a file that changed since its contents were digested."""
        before, contents = self._read.get(step.name, ({}, ""))
        stamps = {path: _stamp(path) for path in before}
        if stamps != before and self._contents(stamps) != contents:
            touched = [path for path, stamp in stamps.items() if stamp != before[path]]
            raise DataError(*(f"{path}: {_CHANGED}" for path in touched))

    def require_same_files(self) -> None:
        """Refuse to publish what was made of files that changed since they were read.

        Raises
        ------
        DataError
            Naming all of them, of settings and of tables.
        """
        for step in self._steps:
            self._same_files(step)
        changed = [path for path, stamp in self.project.stamps.items() if stamp_of(path) != stamp]
        raise_if((f"{path}: {_CHANGED}" for path in changed), DataError)

    def _wanted(self, *further: str) -> list[Step]:
        """List the steps that every build takes, and those that this one has taken or needs."""
        wanted = {*self._made, *further}
        return [
            step for step in self._steps if step.always or wanted & {*step.gives, report_of(step)}
        ]

    def _make(self, step: Step) -> dict[str, Any]:
        report = BuildReport(__version__)
        work = Work(report, self.store, self.key, self.progress)
        seen = frozenset(step.needs)
        made = step.make(_narrowed(self.project, step), _Tables(self, seen), work)
        self._same_files(step)
        tables = made if len(step.gives) > 1 else (made,)
        return dict(zip((*step.gives, report_of(step)), (*tables, report), strict=True))

    def _given(self, step: Step, name: str) -> Any:
        """Read one table or the report of a step, or make them all and store what is kept."""
        stored = {report_of(step), *(step.gives if step.kept else ())}
        records = (*RECORDS, *step.records())

        def take(part: str, make: Callable[[], Any]) -> Any:
            return self.store.get(part, self.key(part), make, records=records)

        def make() -> Any:
            made = self._make(step)
            for other in made.keys() - {name}:
                it = partial(made.__getitem__, other)
                self._made[other] = take(other, it) if other in stored else it()
            return made[name]

        return take(name, make) if name in stored else make()


def _not_met(check: schema.Check) -> CheckError:
    remedy = REMEDIES.get(check.name.id, "") if isinstance(check.name, texts.Message) else ""
    said = "; ".join(filter(None, [check.detail.in_(ENGLISH), remedy]))
    return CheckError(said, where=f"check not met: {check.name.in_(ENGLISH)}")


REMEDIES = {
    "check-stored-scores": "if what is computed is right, `regional-atlas scores` writes the file "
    "anew",
    "check-committed": "if what is computed is right, `regional-atlas indicators` writes the file "
    "anew",
    "check-flags": "correct these cells of the file, or the ranks",
    "check-rasters-table": "one of both is of other files or rules: correct `files` and "
    "`cleaning` in [nightlights], or measure the table anew (`regional-atlas nightlights table`)",
    "check-lights-table": "where a sensor or a product changed, declare level_shifts in "
    "[nightlights]; else a raster is wrong",
    "check-published": "correct the figures, or say why they differ in `notes` of [compare]",
    "check-raster": "no unit has a valid cell: correct `files`, `band`, `nodata` or `crs`",
}
"""What can be done where a check is not met, by its name."""


def report_of(step: Step) -> str:
    """Name what a step has to say, which is kept like a table."""
    return f"{step.name}_report"


def _settings(project: Project, step: Step) -> list[Any]:
    """Give what sections of `atlas.toml` say: all values, and which of them are not defaults.

    Some meanings hang on that: `band = 1` is another thing than no `band`.
    """
    names = {*step.settings}
    dumped = partial(project.config.model_dump, mode="json", include=names)
    said = [dumped(), dumped(exclude_unset=True)]
    said += [_dumped(part(getattr(project.config, name))) for name, part in step.partly.items()]
    if "rankings" in names:
        indices = project.indices.items()
        said.append({name: index.model_dump(mode="json") for name, index in indices})
    return said


def _dumped(section: Any) -> Any:
    """Give what a part of a section says."""
    if isinstance(section, list):
        return [_dumped(item) for item in section]
    return section.model_dump(mode="json") if isinstance(section, Model) else repr(section)


def _files(project: Project, step: Step) -> Iterator[Path]:
    """List the files that sections of `atlas.toml` name, with those that belong to them."""
    read = {*step.settings} - project.left_out
    for key, paths in project.files.items():
        if re.split(r"[.\[]", key)[0] in read:
            for path in paths:
                yield from parts_of(path)


_CHANGED = "changed after the atlas was opened; run the command again, or open the atlas again"


def _stamp(path: Path) -> Stamp:
    found = stamp_of(path)
    if found is None:
        raise DataError("cannot be read: it is not there, or not for this user", where=str(path))
    return found


_COARSEST = 2 * 10**9
"""Nanoseconds between the times that a file system tells apart: two seconds on FAT."""


@cache
def _code(packages: tuple[str, ...]) -> str:
    return digest(code=[f"regional_atlas.{name}" for name in packages])


def _narrowed(project: Project, step: Step) -> Project:
    """Leave a step only the settings that it declares: whatever else it reads is an error."""
    config = project.config.model_copy()
    for name in set(type(config).model_fields) - {*step.settings, *step.partly}:
        del config.__dict__[name]
    for name, part in step.partly.items():
        config.__dict__[name] = part(config.__dict__[name])
    return replace(project, config=config, files={})


class _Tables(AtlasTables):
    """Tables of a graph, each made when it is looked at; those that a step needs, or all."""

    def __init__(self, graph: Graph, names: frozenset[str]) -> None:
        object.__setattr__(self, "_graph", graph)
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name == "report":
            return self._graph.report()
        if name not in self._names:
            raise AssertionError(f"no step makes {name!r}, or the one that asks does not need it")
        return self._graph.get(name)


def _made_when_looked_at(name: str) -> property:
    return property(lambda tables: tables.__getattr__(name))


for _name in (*(_part.name for _part in fields(AtlasTables)), "unit_table", "region_table"):
    # Instead of what the class has under the name: a default, or a property of its own.
    setattr(_Tables, _name, _made_when_looked_at(_name))
