"""`prusoff fit --cluster`: a scheduler and two workers on this machine, one of which is killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import numpy as np
import polars
import pytest

from prusoff.core.errors import InputError, MissingExtra
from prusoff.workbench.screen import cluster
from prusoff.workbench.screen.axes import FitRequest
from prusoff.workbench.screen.labour import Labour
from prusoff.workbench.screen.part import Settings
from prusoff.workbench.screen.stream import Screen

BY = FitRequest(by=("curve",), intervals="wald")
CURVES = 12_000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@contextmanager
def started(program, *arguments):
    """A process that ends with the test."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{program}", *map(str, arguments)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **ONE_THREAD},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


def address_in(path, seconds=60):
    """The address that a scheduler wrote into its file."""
    import json

    end = time.monotonic() + seconds
    while True:
        try:
            return json.loads(path.read_text(encoding="utf-8"))["address"]
        except (FileNotFoundError, ValueError):
            assert time.monotonic() < end, "the scheduler did not start"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """A table, and the bytes of its fits by one process."""
    folder = tmp_path_factory.mktemp("cluster")
    doses = 10.0 ** np.linspace(-10.0, -4.5, 12)
    random = np.random.default_rng(8)
    y = 100 / (1 + doses / 10.0 ** random.uniform(-9, -6, (CURVES, 1))) + random.normal(0, 4, (CURVES, 12))
    polars.DataFrame(
        {"curve": np.repeat(np.arange(CURVES), 12), "conc (M)": np.tile(doses, CURVES), "signal": y.ravel()}
    ).write_parquet(folder / "curves.parquet")
    Screen.of(folder / "curves.parquet", BY, folder / "whole.parquet").run(Labour(workers=1))
    return folder / "curves.parquet", (folder / "whole.parquet").read_bytes()


@pytest.fixture
def dask(tmp_path):
    """The address of a scheduler, and the workers that serve it."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    file = tmp_path / "scheduler.json"
    with ExitStack() as running:
        local = ("--host", "127.0.0.1")
        running.enter_context(
            started(
                "scheduler", *local, "--port", 0, "--no-dashboard", "--no-jupyter", "--scheduler-file", file
            )
        )
        address = address_in(file)
        workers = [
            running.enter_context(
                started("worker", address, *local, "--nthreads", 1, "--no-nanny", "--no-dashboard",
                        "--local-directory", tmp_path)
            )
            for _ in range(2)
        ]  # fmt: skip
        yield address, workers


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the libraries of the cluster
def test_a_cluster_gives_the_same_bytes_when_one_of_its_workers_is_killed(dask, curves, tmp_path):
    address, workers = dask
    source, whole = curves
    killed = []

    def kill(done, of):
        if done >= 3_000 and not killed:
            killed.append(workers[0].pid)
            workers[0].send_signal(signal.SIGKILL)

    out = tmp_path / "fits.parquet"
    found = Screen.of(source, BY, out).run(Labour(cluster=address, progress=kill))
    assert killed
    assert workers[0].wait(timeout=10) == -signal.SIGKILL
    assert (found.curves, found.lost) == (CURVES, [])
    assert out.read_bytes() == whole


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_is_said(monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr(cluster, "PATIENCE", "0.5s")
    assert distributed.__version__
    crew = cluster.Cluster(Settings("four_parameter_logistic"), "tcp://127.0.0.1:9")
    with pytest.raises(InputError, match=r"no scheduler answers at tcp://127.0.0.1:9"):
        list(crew.results([]))


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    crew = cluster.Cluster(Settings("four_parameter_logistic"), "tcp://127.0.0.1:9")
    with pytest.raises(MissingExtra, match=r"pip install 'prusoff\[cluster\]'"):
        list(crew.results([]))
