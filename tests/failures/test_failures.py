"""A build that is killed, doubled, damaged or out of space leaves the old atlas or the new one.

`make test-failures` runs these and prints the counts. All on the starter project: atlas A stands in
a folder, a build of B (another title, another value) goes into it, and something happens.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import InputError
from regional_atlas.core.folders import mark_of
from regional_atlas.publish.record import verify

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "regional_atlas"]
STARTER = Path(ra.__file__).parent / "starter"

KILLED_AT = '''
"""Run a command and be killed at the N-th thing that it does with files from the writing on."""
import os, signal, sys

at, way, *sys.argv[1:] = sys.argv[1:]
WATCHED = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod",
           "fcntl.flock", "ctypes.dlsym", "tempfile.mkdtemp", "shutil.rmtree", "os.utime"}
done = -1

def watch(event, args):
    global done
    if event not in WATCHED or (done < 0 and not any("unfinished" in str(arg) for arg in args)):
        return
    done += 1
    if done == int(at):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
from regional_atlas.core import folders
if way == "moved":
    folders._exchanged = lambda one, other: False
from regional_atlas.cli import main
try:
    main()
finally:
    print(f"events {done}", file=sys.stderr)
'''

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Ground:
    """Two projects, a store that knows both, and what a clean build of each writes."""

    a: Path
    b: Path
    store: Path
    files: Mapping[str, Files]

    def which(self, out: Path) -> str:
        """Say whose files stand in a folder: `A`, `B`, `none`, or `mix`."""
        if not out.exists():
            return "none"
        found = contents(out)
        return next((name for name, files in self.files.items() if files == found), "mix")

    def environment(self, **further: str) -> dict[str, str]:
        return os.environ | {"REGIONAL_ATLAS_CACHE": str(self.store)} | further

    def build(self, project: Path, out: Path, **options: object) -> subprocess.Popen[str]:
        return self.start([*COMMAND, "build", str(project), "--out", str(out)], **options)

    def start(self, command: Sequence[str], **options: object) -> subprocess.Popen[str]:
        settings: dict[str, object] = {"env": self.environment(), "text": True, **options}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings
        )


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate(timeout=120)
    return process.returncode, said


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("failures")
    for name in ("a", "b"):
        shutil.copytree(STARTER, folder / name)
    settings = folder / "b/atlas.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("Exampleland", "Otherland"), "utf-8")
    for path in (folder / "b").glob("*.*[vn]"):
        path.write_text(path.read_text("utf-8").replace("Birch", "Yew"), "utf-8")
    values = folder / "b/indicators.csv"
    head, first, *rest = values.read_text("utf-8").splitlines()
    values.write_text("\n".join([head, f"{first}1", *rest, ""]), "utf-8")
    made = Ground(folder / "a", folder / "b", folder / "store", {})
    files = {}
    for name in ("a", "b"):
        code, said = ended(made.build(folder / name, folder / f"maps-{name}"))
        assert code == 0, said
        files[name.upper()] = contents(folder / f"maps-{name}")
    assert files["A"].keys() == files["B"].keys()
    same = [name for name, data in files["A"].items() if files["B"][name] == data]
    assert len(same) < 4, "nearly every file tells the two apart"
    return Ground(made.a, made.b, made.store, files)


@pytest.fixture
def out(ground: Ground, tmp_path: Path) -> Path:
    """A folder that atlas A stands in, alone in its own folder."""
    folder = tmp_path / "place/out"
    fill(folder, ground.files["A"])
    return folder


def fill(folder: Path, files: Files) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def and_again(ground: Ground, out: Path) -> None:
    """Hold that the next build puts everything right and leaves nothing behind."""
    code, said = ended(ground.build(ground.b, out))
    assert code == 0, said
    assert ground.which(out) == "B"
    assert os.listdir(out.parent) == [out.name]


def test_fifty_kills_at_random(ground: Ground, out: Path) -> None:
    began = time.monotonic()
    assert ended(ground.build(ground.b, out))[0] == 0
    took = time.monotonic() - began
    rng, found = random.Random(1), Counter[str]()
    for _ in range(50):
        fill(out, ground.files["A"])
        process = ground.build(ground.b, out)
        time.sleep(rng.uniform(0, took))
        process.send_signal(signal.SIGKILL)
        ended(process)
        state = ground.which(out)
        found[state] += 1
        assert state in {"A", "B"}
        verify(out)
    print(f"fifty kills at random: {dict(found)}")
    and_again(ground, out)


@pytest.mark.parametrize("way", ["swapped", "moved", "first"])
def test_fifty_kills_around_the_write(ground: Ground, out: Path, tmp_path: Path, way: str) -> None:
    """Of the fifty, `moved` may be a mix if the folder says so."""
    script = tmp_path / "killed_at.py"
    script.write_text(KILLED_AT)

    def killed(at: int) -> tuple[int, str]:
        shutil.rmtree(out.parent)  # with what the run before left, which is more to do
        fill(out, ground.files["A"])
        if way == "first":
            shutil.rmtree(out)
        command = [sys.executable, str(script), str(at), way, "build", str(ground.b), "--out"]
        return ended(ground.start([*command, str(out)]))

    code, said = killed(-2)
    assert code == 0, said
    events = int(said.rsplit("events ", 1)[1])
    kills = {"swapped": 20, "moved": 20, "first": 10}[way]
    # Half of them over the whole write, half among its last steps, where files change places.
    late = {events - step for step in range(kills // 2)}
    points = sorted({round(events * step / kills) for step in range(0, kills, 2)} | late)
    found = Counter[str]()
    for at in points:
        code, said = killed(at)
        assert code == -signal.SIGKILL, said
        state = ground.which(out)
        if state == "mix" and way == "moved":
            state = "marked"
            assert mark_of(out, "build").exists()
            with pytest.raises(InputError, match="was stopped while it wrote"):
                verify(out)
            with pytest.raises(InputError, match="was stopped while it wrote"):
                ra.open_atlas(out)
        found[state] += 1
        assert state in {"A", "B", "none" if way == "first" else "marked"}
    print(f"{len(points)} kills around the write, {way}: {dict(found)}, of {events} events")
    assert found["B"]
    assert found["none" if way == "first" else "A"]
    and_again(ground, out)


@pytest.mark.parametrize("command", ["export", "score"])
def test_kills_of_other_commands(ground: Ground, tmp_path: Path, command: str) -> None:
    script = tmp_path / "killed_at.py"
    script.write_text(KILLED_AT)
    out = tmp_path / "place/out"
    arguments = {
        "export": ["export", str(ground.a), "--format", "gpkg,shp,csv", "--out", str(out)],
        "score": ["score", "--data", str(tmp_path / "data.csv"), "--index",
                  str(tmp_path / "index.toml"), "--out", str(out)],
    }[command]  # fmt: skip
    (tmp_path / "data.csv").write_text("unit_id,a,b\n1,1,4\n2,2,3\n3,5,6\n4,9,9\n5,0,7\n6,3,2\n")
    (tmp_path / "index.toml").write_text(
        'id = "x"\ntitle = "X"\n[normalise]\nmethod = "min_max"\n'
        '[[nodes]]\ncode = "a"\ntitle = "A"\n[[nodes]]\ncode = "b"\ntitle = "B"\n'
    )

    def killed(at: int) -> tuple[int, str]:
        return ended(ground.start([sys.executable, str(script), str(at), "swapped", *arguments]))

    code, said = killed(-2)
    assert code == 0, said
    events = int(said.rsplit("events ", 1)[1])
    whole = contents(out)
    for step in range(10):
        (out / "notes.txt").write_text("mine")
        code, said = killed(round(events * step / 10))
        assert code == -signal.SIGKILL, said
        assert contents(out) == whole | {"notes.txt": b"mine"}
    print(f"ten kills of {command}: whole, of {events} events")
    assert killed(-2)[0] == 0
    assert os.listdir(out.parent) == ["out"]


def test_ten_pairs_of_builds(ground: Ground, out: Path) -> None:
    found, waited = Counter[str](), 0
    for pair in range(10):
        if pair % 2:
            fill(out, ground.files["A"])
        else:
            shutil.rmtree(out, ignore_errors=True)
        both = [ground.build(project, out) for project in (ground.a, ground.b)]
        for process in both:
            code, said = ended(process)
            assert code == 0, said
            waited += "waiting for it" in said
        state = ground.which(out)
        found[state] += 1
        assert state in {"A", "B"}
        verify(out)
        assert os.listdir(out.parent) == ["out"]
    print(f"ten pairs of builds: {dict(found)}; {waited} waited")


def test_twenty_flips_of_a_bit_in_the_store(ground: Ground, out: Path, tmp_path: Path) -> None:
    rng, store, said_so = random.Random(2), tmp_path / "store", 0
    for _ in range(20):
        shutil.copytree(ground.store, store)
        entries = sorted(store.glob("*.tar"))
        sizes = [path.stat().st_size for path in entries]
        (path,) = rng.choices(entries, sizes)
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        command = [*COMMAND, "--verbose", "build", str(ground.a), "--out", str(out)]
        environment = ground.environment(REGIONAL_ATLAS_CACHE=str(store))
        code, said = ended(ground.start(command, env=environment))
        assert code == 0, said
        assert ground.which(out) == "A"
        said_so += path.name in said
        shutil.rmtree(store)
    print(f"twenty flips: every atlas as before, {said_so} read and found")
    assert said_so


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Give a place of so many bytes; False where this user may not, and files are limited."""
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    mounted = shutil.which("mount") and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield bool(mounted)
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def pages(files: Files) -> int:
    """Give the bytes that files take on a disk of pages of 4 kB."""
    return sum(-(-len(data) // 4096) * 4096 for data in files.values())


@pytest.mark.parametrize("before", ["none", "A"])
def test_a_full_disk_at_ten_points(ground: Ground, tmp_path: Path, before: str) -> None:
    old, new = (pages(ground.files[name]) for name in ("A", "B"))
    largest = max(map(len, ground.files["B"].values()))
    found = Counter[str]()
    for step in range(10):
        place = tmp_path / f"disk{step}"
        size = (0 if before == "none" else old) + max(4096, new * step // 10)
        with small_disk(place, size) as mounted:
            out = place / "out"
            if before == "A":
                fill(out, ground.files["A"])
            most = largest * step // 10
            limit = None if mounted else lambda most=most: _limit(most)
            code, said = ended(ground.build(ground.b, out, preexec_fn=limit))
            assert code == 1, f"{code} at {step}: {said}"
            assert "Traceback" not in said
            assert "cannot write" in said, said
            assert "No space left" in said or "too large" in said or "disk" in said, said
            assert "unfinished" not in said, said
            assert ground.which(out) == before
            assert os.listdir(place) == ([] if before == "none" else ["out"])
            found["disk" if mounted else "limit"] += 1
    print(f"a full disk at ten points over {before}: one message, nothing changed; {dict(found)}")


def _limit(most: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


FORMATS = ["csv", "fgb", "geojson", "geoparquet", "gpkg", "kml", "shp", "topojson", "xlsx"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_under_every_format(ground: Ground, tmp_path: Path, name: str) -> None:
    def export(out: Path, **options: object) -> tuple[int, str]:
        command = [*COMMAND, "export", str(ground.a), "--format", name, "--out", str(out)]
        return ended(ground.start(command, **options))

    whole = tmp_path / "whole"
    assert export(whole)[0] == 0
    sizes = [path.stat().st_size for path in whole.iterdir()]
    for step in range(5):
        place = tmp_path / f"disk{step}"
        with small_disk(place, max(4096, sum(sizes) * step // 6)) as mounted:
            most = max(sizes) * step // 6
            limit = None if mounted else lambda most=most: _limit(most)
            code, said = export(place / "out", preexec_fn=limit)
            assert code == 1, f"{code} at {step}: {said}, {os.listdir(place)}"
            assert "Traceback" not in said
            assert "cannot write" in said, said
            assert os.listdir(place) == []


SURROUNDINGS = [
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "4294967295"},
    {"TZ": "Pacific/Kiritimati"},
    {"LC_ALL": "C"},
    {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"PYTHONUTF8": "0", "LC_ALL": "POSIX"},
    {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "GDAL_NUM_THREADS": "1"},
    {"NUMBA_NUM_THREADS": "2", "OMP_NUM_THREADS": "3", "GDAL_NUM_THREADS": "ALL_CPUS"},
    {"COLUMNS": "40", "TERM": "dumb"},
]


def test_the_same_bytes_in_any_surroundings(ground: Ground, tmp_path: Path) -> None:
    for number, further in enumerate(SURROUNDINGS):
        # Without UTF-8 for arguments, Python cannot be told of a path with other letters.
        project = tmp_path / f"a folder {number}" / ("e" if "PYTHONUTF8" in further else "é县")
        shutil.copytree(ground.a, project)
        store = tmp_path / f"store{number}"
        environment = ground.environment(REGIONAL_ATLAS_CACHE=str(store), **further)
        out = tmp_path / f"out{number}"
        code, said = ended(ground.build(project, out, env=environment, cwd=tmp_path))
        assert code == 0, said
        assert ground.which(out) == "A", f"{further}: {differences(ground.files['A'], out)}"
    print(f"{len(SURROUNDINGS)} surroundings, each in a folder of its own: the same bytes")


def differences(files: Files, out: Path) -> list[str]:
    found = contents(out)
    return [name for name in {*files, *found} if files.get(name) != found.get(name)]
