"""Worker processes of this machine: each fits one part at a time; one that dies is replaced, its part tried again."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from typing import Any

from ...core.errors import PrusoffError
from .labour import Answer, Job, Step, attempt
from .part import Readings, Settings

TRIES = 2  # of a part whose worker dies
ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
}


class Processes:
    """So many worker processes; they end with this one, however it ends."""

    def __init__(self, settings: Settings, count: int, step: Step = attempt) -> None:
        self.settings, self.count, self.step = settings, count, step
        self.waiting: SimpleQueue[Job | None] = SimpleQueue()
        self.done: SimpleQueue[tuple[int, Answer | BaseException]] = SimpleQueue()
        self.stopped = False
        self.running: set[subprocess.Popen[bytes]] = set()

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Answer]]:
        """Fit the parts as they come; at most one waits for a worker that is free."""
        foremen = [threading.Thread(target=self._lead, daemon=True) for _ in range(self.count)]
        for foreman in foremen:
            foreman.start()
        out = 0
        try:
            for job in jobs:
                self.waiting.put(job)
                out += 1
                if out > self.count:
                    yield self._next()
                    out -= 1
            for _ in range(out):
                yield self._next()
        finally:
            self._stop(foremen)

    def _next(self) -> tuple[int, Answer]:
        number, answer = self.done.get()
        if isinstance(answer, BaseException) and not isinstance(answer, PrusoffError):
            raise answer
        return number, answer

    def _lead(self) -> None:
        """Hand one part after another to a worker."""
        worker: subprocess.Popen[bytes] | None = None
        while (job := self.waiting.get()) is not None:
            number, readings = job
            try:
                worker, answer = self._fit(worker, readings)
                self.done.put((number, answer))
            except BaseException as failure:
                self.done.put((number, failure))
        if worker is not None:
            self._dismiss(worker)

    def _fit(
        self, worker: subprocess.Popen[bytes] | None, readings: Readings
    ) -> tuple[subprocess.Popen[bytes] | None, Answer]:
        ends: list[str] = []
        while len(ends) < TRIES and not self.stopped:
            worker = worker or self._hire()
            try:
                return worker, ask(worker, readings)
            except (OSError, EOFError, pickle.UnpicklingError):
                self._dismiss(worker)
                ends.append(_how_it_ended(worker.returncode))
                worker = None
        return None, f"its worker process ended {TRIES} times ({ends[-1] if ends else 'stopped'})"

    def _hire(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "-P", "-m", "prusoff.workbench.screen.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
            start_new_session=True,  # Ctrl-C is for the one who leads
        )
        self.running.add(worker)
        send(worker, (self.settings, self.step))
        return worker

    def _dismiss(self, worker: subprocess.Popen[bytes]) -> None:
        """Let a worker go home: it ends when nothing more can come."""
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was still to be written goes nowhere
        try:
            worker.wait(timeout=5)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        self.running.discard(worker)

    def _stop(self, foremen: list[threading.Thread]) -> None:
        """Send everybody home; a worker that is still at a part is stopped."""
        self.stopped = True
        for _ in foremen:
            self.waiting.put(None)
        for worker in tuple(self.running):
            worker.kill()
        for foreman in foremen:
            foreman.join()


def ask(worker: subprocess.Popen[bytes], readings: Readings) -> Answer:
    """Give a part to a worker and wait for what comes of it."""
    send(worker, readings)
    if worker.stdout is None:
        raise EOFError
    answer: Answer = pickle.load(worker.stdout)
    return answer


def send(worker: subprocess.Popen[bytes], something: Any) -> None:
    """Write an object into the pipe of a worker."""
    if worker.stdin is None:
        raise EOFError
    pickle.dump(something, worker.stdin, protocol=5)
    worker.stdin.flush()


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
