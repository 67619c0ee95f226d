"""Sweeps: many runs of a plan, on this machine or on whatever runs functions elsewhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from handover import _handover
from handover._errors import Bug, InputError
from handover._extra import Progress, need, told
from handover._named import Named
from handover.scenario import Scenario, located, plans
from handover.table import Table, read_table


class Plan(Named):
    """A plan of a sweep with everything that it names, as read; it can be pickled.

    Examples
    --------
    >>> import handover as ho
    >>> ho.Plan.load("doubtful").runs > 1
    True
    """

    def __init__(self, path: str | Path, settings: Sequence[str] = (), texts: dict[Any, str] | None = None) -> None:
        self.path = Path(path)
        self.settings = tuple(settings)
        self._raw: _handover.Sweep = _handover.Sweep(self.path, self.settings, texts)

    @classmethod
    def load(cls, name: str | Path, *settings: str) -> Plan:
        """Read a plan: a file, or the name of a shipped one (see `plans`), with changes for all runs.

        Raises
        ------
        InputError
            Every problem found, each with its place.
        """
        return cls(located(name, plans(), "plan"), settings)

    @property
    def runs(self) -> int:
        """How many runs there are: points times arms times replicates."""
        return self._raw.runs

    @property
    def points(self) -> int:
        """How many points the design has."""
        return self._raw.points

    @cached_property
    def _parts(self) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
        texts = self._raw.texts()
        return str(self.path), self.settings, tuple((str(path), text) for path, text in texts.items())

    def __reduce__(self) -> tuple[type[Plan], tuple[Any, ...]]:
        path, settings, texts = self._parts
        return Plan, (path, settings, dict(texts))

    def __repr__(self) -> str:
        return f"<plan {self.name}: {self.title}; {self.points} points, {self.runs} runs>"


class SweepResult:
    """A sweep in its folder, as the command line keeps it.

    Attributes
    ----------
    folder : Path
        Where the runs are stored.
    done, runs : int
        Runs with a result, and runs in all.
    sha256 : str or None
        Hash of ``sweep.parquet``: the same as the command line's; None if no table was written.
    lacking : list of dict
        Runs without a result: ``run`` and ``cause``.
    """

    def __init__(self, folder: Path, about: dict[str, Any]) -> None:
        self.folder = folder
        self.done: int = about["done"]
        self.runs: int = about["all"]
        self.sha256: str | None = about["sha256"]
        self.lacking: list[dict[str, Any]] = about["lacking"]

    @cached_property
    def table(self) -> Table:
        """A row for each point, arm and replicate: its factors and its outputs."""
        if self.sha256 is None:
            raise InputError(
                f"{self.done} of {self.runs} runs are done; run the sweep again, or ask for a partial table"
            )
        return read_table(self.folder / "sweep.parquet")

    def __repr__(self) -> str:
        return f"<sweep in {self.folder}: {self.done} of {self.runs} runs, table {self.sha256}>"


@lru_cache(maxsize=4)
def _opened(path: str, settings: tuple[str, ...], texts: tuple[tuple[str, str], ...]) -> _handover.Sweep:
    """A plan, read once in each process that runs some of it."""
    return _handover.Sweep(path, settings, {Path(name): text for name, text in texts})


def _live(parts: tuple[Any, ...], folder: str, number: int) -> tuple[str, str]:
    """Simulate one run and store it, unless it is stored."""
    return _opened(*parts).live(folder, number)


def sweep(
    plan: Plan | str | Path,
    out: str | Path,
    *,
    executor: Any = None,
    client: Any = None,
    partial: bool = False,
    threads: int | None = None,
    progress: Progress = None,
) -> SweepResult:
    """Run every point of a plan, store each run as it ends, and collect all of them into one table.

    Runs are stored under the hash of what they mean. So it changes nothing who simulates one, how often, or in what
    order; a worker that is killed loses only what it was at. Call it again to go on.

    Parameters
    ----------
    plan : Plan, str or path
        What is run.
    out : path
        Folder of the runs and the table; every worker must see it.
    executor : concurrent.futures.Executor, optional
        Whatever has ``submit``: a pool of processes, of MPI, of a cluster.
    client : dask.distributed.Client, optional
        Runs are mapped over its workers; one that is lost is replaced by Dask.
    partial : bool
        Write the table although runs are missing.
    threads : int, optional
        Without executor and client: threads of this process.
    progress : bool or function, optional
        As for `run`.

    Returns
    -------
    SweepResult
        With the hash that ``handover sweep`` prints for the same plan.
    """
    plan = plan if isinstance(plan, Plan) else Plan.load(plan)
    folder = Path(out).absolute()
    plan._raw.check(folder)
    if executor is not None and client is not None:
        raise InputError("name an executor or a client, not both")
    with told(progress) as tell:
        if client is not None:
            parts = client.scatter(plan._parts, broadcast=True, hash=False)
            futures = client.map(_live, [parts] * plan.runs, [str(folder)] * plan.runs, range(plan.runs), pure=False)
            _await(need("dask.distributed", "dask").as_completed(futures), plan.runs, tell)
        elif executor is not None:
            from concurrent.futures import as_completed as completed  # noqa: PLC0415

            futures = [executor.submit(_live, plan._parts, str(folder), number) for number in range(plan.runs)]
            _await(completed(futures), plan.runs, tell)
        else:
            plan._raw.live_all(folder, threads, tell)
    about = json.loads(plan._raw.collect(folder, partial))
    return SweepResult(folder, about)


def _await(futures: Any, runs: int, tell: Any) -> None:
    for done, future in enumerate(futures, 1):
        future.result()
        if tell is not None:
            tell(done, runs, "runs")


def scenario_of(plan: Plan, number: int) -> Scenario:
    """The scenario of a run of a plan, to look at it closely."""
    if not 0 <= number < plan.runs:
        raise InputError(f"the plan has {plan.runs} runs, numbered from 0")
    raw = plan._raw.scenario(number)
    found = Scenario.parse(raw.file, f"run.seed={raw.seed}", f"run.replicate={raw.replicate}")
    if found.hash != raw.hash:
        raise Bug("the scenario of a run does not read back as what it means")
    return found
