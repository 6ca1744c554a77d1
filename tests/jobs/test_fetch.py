"""Fetching against a server on loopback that can be made to misbehave."""

from __future__ import annotations

import errno
import hashlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from regional_atlas import cli
from regional_atlas.core.errors import InputError
from regional_atlas.jobs.fetch import fetch_files, planned_files
from regional_atlas.sources import archives_http
from regional_atlas.sources.archives import read_archives

BODY = bytes(range(256)) * 4000
NAME = "light_2020.tif"
K = archives_http.CHUNK


@dataclass
class Server:
    url: str = ""
    body: bytes = BODY
    etag: str = '"one"'
    break_at: list[int] = field(default_factory=list)
    status: int = 200
    token: str | None = None
    kind: str = "image/tiff"
    ranges: bool = True
    redirect: str | None = None
    seen: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def servers() -> Iterator[Any]:
    running = []

    def start() -> Server:
        state = Server()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                state.seen.append(dict(self.headers))
                if state.token and state.token not in (
                    self.headers.get("Authorization"), self.headers.get("X-Dataverse-key"),
                ):  # fmt: skip
                    self.send_error(401)
                    return
                if state.redirect:
                    self.send_response(302)
                    self.send_header("Location", state.redirect)
                    self.end_headers()
                    return
                if state.status != 200:
                    self.send_error(state.status)
                    return
                start = 0
                asked = self.headers.get("Range") if state.ranges else None
                if asked and self.headers.get("If-Range") == state.etag:
                    start = int(asked.removeprefix("bytes=").removesuffix("-"))
                    if start >= len(state.body):
                        self.send_response(416)
                        self.send_header("Content-Range", f"bytes */{len(state.body)}")
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                        return
                    self.send_response(206)
                    last = len(state.body) - 1
                    self.send_header("Content-Range", f"bytes {start}-{last}/{len(state.body)}")
                else:
                    self.send_response(200)
                self.send_header("ETag", state.etag)
                self.send_header("Content-Type", state.kind)
                self.send_header("Content-Length", str(len(state.body) - start))
                self.end_headers()
                stop = state.break_at.pop(0) if state.break_at else len(state.body)
                self.wfile.write(state.body[start:stop])

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        running.append((server, thread))
        state.url = f"http://127.0.0.1:{server.server_address[1]}"
        return state

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def server(servers: Any) -> Server:
    return servers()


def fetch(server: Server, out: Path, product: str = "longntl", **options: Any) -> list[Path]:
    token_env = options.pop("token_env", None)
    archive, plan = planned_files(product, [2020], [], out, url=f"{server.url}/{NAME}", **options)
    return fetch_files(archive, plan, token_env=token_env)


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_file_arrives_whole_and_is_not_fetched_twice(server: Server, tmp_path: Path) -> None:
    sha = hashlib.sha256(BODY).hexdigest()
    (path,) = fetch(server, tmp_path / "new", checksum=f"sha256:{sha}")
    assert path.read_bytes() == BODY
    assert [each.name for each in path.parent.iterdir()] == [NAME]
    fetch(server, tmp_path / "new", checksum=f"sha256:{sha}")
    assert len(server.seen) == 1


def test_a_broken_transfer_goes_on_within_one_call(server: Server, tmp_path: Path) -> None:
    server.break_at = [4 * K, 8 * K]
    (path,) = fetch(server, tmp_path)
    assert path.read_bytes() == BODY
    assert [seen.get("Range") for seen in server.seen] == [
        None, f"bytes={4 * K}-", f"bytes={8 * K}-",
    ]  # fmt: skip


def test_a_broken_transfer_goes_on_in_the_next_call(server: Server, tmp_path: Path) -> None:
    server.break_at = [K, 2 * K, 4 * K]
    with pytest.raises(InputError, match=f"{4 * K:,} bytes are kept, run again"):
        fetch(server, tmp_path)
    assert not visible(tmp_path)
    (path,) = fetch(server, tmp_path)
    assert path.read_bytes() == BODY
    assert server.seen[-1]["Range"] == f"bytes={4 * K}-"
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_a_file_that_changed_on_the_server_starts_over(server: Server, tmp_path: Path) -> None:
    server.break_at = [K] * 3
    server.ranges = False
    with pytest.raises(InputError, match="run again"):
        fetch(server, tmp_path)
    server.body, server.etag, server.ranges = BODY[::-1], '"two"', True
    (path,) = fetch(server, tmp_path)
    assert path.read_bytes() == BODY[::-1]


def test_a_part_that_is_complete_is_taken(server: Server, tmp_path: Path) -> None:
    server.break_at = [K] * 3
    with pytest.raises(InputError, match="run again"):
        fetch(server, tmp_path)
    (tmp_path / f".{NAME}.part").write_bytes(BODY)
    (path,) = fetch(server, tmp_path)
    assert path.read_bytes() == BODY


def test_a_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="checksum is wrong"):
        fetch(server, tmp_path, checksum="sha256:" + "0" * 64)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "answered 404: no such file"), (403, "wants a token"), (418, "answered 418"),
        (503, "connection failed"),
    ],
)  # fmt: skip
def test_refusals(server: Server, tmp_path: Path, status: int, message: str) -> None:
    server.status = status
    with pytest.raises(InputError, match=message):
        fetch(server, tmp_path / "new" / "lights")
    assert not list(tmp_path.iterdir())


def test_a_login_page_is_not_a_raster(server: Server, tmp_path: Path) -> None:
    server.kind = "text/html; charset=utf-8"
    with pytest.raises(InputError, match="web page, a login perhaps"):
        fetch(server, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("product", "sent"), [("viirs-annual", "Bearer sesame"), ("longntl", "sesame")]
)
def test_the_token_comes_from_the_environment(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product: str, sent: str
) -> None:
    server.token = sent
    with pytest.raises(InputError, match=r"401: it wants a token \(--token-env\)"):
        fetch(server, tmp_path, product)
    with pytest.raises(InputError, match="MY_TOKEN: this environment variable is not set"):
        fetch(server, tmp_path, product, token_env="MY_TOKEN")
    monkeypatch.setenv("MY_TOKEN", "wrong")
    with pytest.raises(InputError, match="token was not accepted") as caught:
        fetch(server, tmp_path, product, token_env="MY_TOKEN")
    assert "wrong" not in str(caught.value)
    monkeypatch.setenv("MY_TOKEN", "sesame")
    (path,) = fetch(server, tmp_path, product, token_env="MY_TOKEN")
    assert path.read_bytes() == BODY


@pytest.mark.parametrize("product", ["viirs-annual", "longntl"])
def test_the_token_does_not_follow_a_redirect(
    servers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, product: str
) -> None:
    archive, store = servers(), servers()
    archive.redirect = f"{store.url.replace('127.0.0.1', 'localhost')}/{NAME}"
    monkeypatch.setenv("MY_TOKEN", "sesame")
    (path,) = fetch(archive, tmp_path, product, token_env="MY_TOKEN")
    assert path.read_bytes() == BODY
    assert "sesame" in str(archive.seen)
    assert "sesame" not in str(store.seen)


def test_an_archive_without_tokens_refuses_one(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "sesame")
    with pytest.raises(InputError, match="takes no token"):
        fetch(server, tmp_path, "harmonized-dmsp-viirs", token_env="MY_TOKEN")


def test_a_full_disk_is_seen_beforehand(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": len(BODY) - 1})
    monkeypatch.setattr(archives_http.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(InputError, match=r"No space left on device.*1,024,000 bytes to come"):
        fetch(server, tmp_path)
    assert not visible(tmp_path)


def test_a_disk_that_fills_up_on_the_way(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    class Full:
        def __init__(self, file: Any) -> None:
            self.file, self.left = file, 500_000

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()

        def write(self, chunk: bytes) -> None:
            if len(chunk) > self.left:
                self.file.write(chunk[: self.left])
                raise OSError(errno.ENOSPC, "No space left on device")
            self.left -= len(chunk)
            self.file.write(chunk)

    with monkeypatch.context() as patched:
        patched.setattr(
            Path,
            "open",
            lambda path, *a, **k: (
                Full(real(path, *a, **k)) if path.suffix == ".part" else real(path, *a, **k)
            ),
        )
        patched.setattr(archives_http, "CHUNK", 100_000)
        with pytest.raises(InputError, match="No space left on device"):
            fetch(server, tmp_path)
    assert not visible(tmp_path)
    (path,) = fetch(server, tmp_path)
    assert path.read_bytes() == BODY
    assert server.seen[-1]["Range"] == "bytes=500000-"


def test_no_server_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"connection failed \(ConnectionError\)"):
        fetch(Server(url="http://127.0.0.1:9"), tmp_path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense", [2020], []), "expected one of viirs-annual, "),
        (("viirs-annual", [1990], []), "--year 1990: viirs-annual has 2012 to 2025"),
        (("viirs-annual", [2020], [3]), "yearly product"),
        (("viirs-monthly", [2020], []), "--month is missing"),
        (("viirs-monthly", [2020], [13]), "--month 13: expected 1 to 12"),
        (("viirs-monthly", [2020], [3]), "find it at .*/2020/202003/vcmslcfg/ and give its addr"),
        (("viirs-monthly", [2020], []), r"find it at .*/2020/2020\{month\}/vcmslcfg/ and"),
        (("longntl", [2020], []), "YGIVCD and give its address with --url"),
        (("longntl", [], []), "--year is missing"),
    ],
)
def test_requests_that_cannot_be_met(
    arguments: tuple[Any, ...], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        planned_files(*arguments, tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "http://a/b.tif"}, "--url is the address of one file; 2 are asked for"),
        ({"checksum": "sha256:0"}, "--checksum belongs to one file"),
        ({"checksum": "sha256:0"}, "sha256: and 64 hexadecimal digits"),
        ({"checksum": "crc:0"}, "expected md5: and 32"),
        ({"url": "ftp://a/b.tif"}, "expected http or https"),
    ],
)
def test_wrong_options(options: dict[str, str], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        planned_files("viirs-annual", [2020, 2021], [], tmp_path, **options)


@pytest.mark.parametrize("url", ["http://a/", "http://a/b/..", "http://a/%2e%2e%2fb", "http://a"])
def test_addresses_that_name_no_file(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not end in a file name"):
        planned_files("longntl", [2020], [], tmp_path, url=url)


def test_everything_wrong_with_a_request_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        planned_files("nonsense", [], [13], tmp_path, url="ftp://a/", checksum="x")
    assert len(caught.value.problems) == 6


def test_the_registry_is_complete_and_consistent() -> None:
    for archive in read_archives().values():
        assert archive.title
        assert archive.access
        assert archive.folder.startswith("https://")
        assert archive.token in ("", "bearer", "dataverse")
        assert bool(archive.base) == bool(archive.files)
        for year, (path, name) in (archive.files or {}).items():
            assert str(year) in name
            assert path
            assert "/" not in name


def test_dry_run_and_mirror_on_the_command_line(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    command = [
        "regional-atlas", "fetch", "nightlights", "--product", "viirs-annual", "--year", "2020",
        "--out", str(tmp_path), "--base-url", server.url,
    ]  # fmt: skip
    monkeypatch.setattr(sys, "argv", [*command, "--dry-run"])
    with pytest.raises(SystemExit):
        cli.main()
    out, err = capsys.readouterr()
    assert out.startswith(f"{server.url}/v21/2020/VNL_v21_npp_2020")
    assert "CC BY 4.0" in err
    assert not server.seen
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit):
        cli.main()
    (path,) = tmp_path.iterdir()
    assert capsys.readouterr().out.strip() == str(path)
    assert path.read_bytes() == BODY


def test_a_file_with_another_checksum_is_replaced_only_when_asked(
    server: Server, tmp_path: Path, expect: Any
) -> None:
    (tmp_path / NAME).write_bytes(b"mine")
    sha = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    command = [
        "fetch", "nightlights", "--product", "longntl", "--year", "2020",
        "--out", tmp_path, "--url", f"{server.url}/{NAME}", "--checksum", sha,
    ]  # fmt: skip
    for options, code in ([], 1), (["--overwrite"], 0), ([], 0):
        said = expect(*command, *options, code=code)
        assert (tmp_path / NAME).read_bytes() == (b"mine" if code else BODY)
        assert ("is there already, and this command did not write it" in said) == bool(code)
        assert len(server.seen) == (0 if code else 1)
        assert [path.name for path in tmp_path.iterdir()] == [NAME]
