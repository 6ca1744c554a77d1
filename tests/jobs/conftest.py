"""Commands that end as expected; a real scheduler and two worker processes on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def expect(run: Any) -> Callable[..., str]:
    """Run the command line, which must end with `code`; gives what it says on stderr."""

    def expect(*arguments: object, code: int = 0) -> str:
        ended, _, said = run(*arguments)
        assert ended == code, said
        return str(said)

    return expect


class Cluster:
    """Processes that end with the test, whatever happens in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.file = folder / "scheduler.json"
        self.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(self.file),
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while not (self.file.exists() and self.file.stat().st_size):
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)

    def start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
                cwd=self.folder, stdout=log, stderr=log,
                env=os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "20s"},
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        return self.start(
            "dask_worker", "--scheduler-file", str(self.file), "--host", "127.0.0.1",
            "--name", name, "--nthreads", "1", "--memory-limit", "1GB", "--no-nanny",
            "--no-dashboard", "--local-directory", str(self.folder / name), "--death-timeout", "60",
        )  # fmt: skip

    @property
    def address(self) -> str:
        return str(json.loads(self.file.read_text())["address"])

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(5)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.worker("one")
        started.worker("two")
        yield started
    finally:
        started.end()


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Any]:
    from regional_atlas.jobs.cluster import cluster_client

    with cluster_client(cluster.address, timeout=30) as connected:
        connected.wait_for_workers(2, timeout=40)
        yield connected
