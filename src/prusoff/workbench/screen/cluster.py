"""The workers of a dask cluster: the same step, sent over the network; a worker that dies is replaced by the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...core.errors import InputError, MissingExtra, Problem
from .labour import Answer, Job, attempt
from .part import Settings

PATIENCE = "10s"  # with a scheduler that does not answer


class Cluster:
    """The cluster whose scheduler listens at an address (tcp://host:8786); its workers have prusoff installed."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings, self.address = settings, address

    def results(self, jobs: Iterable[Job]) -> Iterator[tuple[int, Answer]]:
        """Fit the parts as they come; two wait for every thread of the cluster."""
        distributed = _distributed()
        with self._client(distributed) as client:
            flying: dict[Any, int] = {}
            for number, readings in jobs:
                flying[client.submit(attempt, self.settings, readings, pure=False)] = number
                while len(flying) > 2 * max(sum(client.nthreads().values()), 1):
                    yield from self._landed(distributed, client, flying)
            while flying:
                yield from self._landed(distributed, client, flying)

    def _client(self, distributed: Any) -> Any:
        try:
            return distributed.Client(self.address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as failure:
            what = f"no scheduler answers at {self.address} ({failure})"
            fix = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`"
            raise InputError(Problem(what, "--cluster", fix, "E-CLUSTER")) from None

    def _landed(self, distributed: Any, client: Any, flying: dict[Any, int]) -> Iterator[tuple[int, Answer]]:
        """Wait for at least one part, and give back all that are there."""
        with client.as_current():
            done = distributed.wait(list(flying), return_when="FIRST_COMPLETED").done
        for future in done:
            number = flying.pop(future)
            try:
                yield number, future.result()
            except distributed.KilledWorker:
                yield number, "the workers of the cluster that had it were lost"
            except (OSError, distributed.CancelledError) as failure:
                what = f"the cluster at {self.address} was lost ({type(failure).__name__})"
                fix = "Start it again, and go on with --resume"
                raise InputError(Problem(what, "--cluster", fix, "E-CLUSTER")) from None
            future.release()


def _distributed() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise MissingExtra.named("cluster", "--cluster") from None
    return distributed
