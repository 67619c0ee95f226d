"""Sweeps: many runs of a plan, on this machine or on whatever runs functions elsewhere."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from handover import _handover
from handover._errors import Bug, InputError
from handover._extra import Progress, drawn, need, told
from handover._named import Handed, Named
from handover.designs import Correlation, Factor, Level, _listed, _named, _written, spread
from handover.scenario import Scenario, plans, told_as
from handover.scenario import _folder as scenario_folder
from handover.table import Table, read_table


class Plan(Named):
    """A plan of a sweep with everything that it names, as read; it can be pickled.

    Examples
    --------
    >>> import handover as ho
    >>> plan = ho.Plan.load("smoke")
    >>> plan.runs, plan.points, "[sweep]" in plan.text
    (200, 100, True)
    """

    _kind = "plan"
    _shipped = staticmethod(plans)

    def __init__(self, path: str | Path, settings: Sequence[str] = (), texts: dict[Any, str] | None = None) -> None:
        super().__init__(path, settings)
        # a plan that was made here is no file
        with told_as(self.path, "the plan" if texts is not None and not self.path.exists() else None):
            self._raw: _handover.Sweep = _handover.Sweep(self.path, self.settings, texts)
        self._facts = self._raw.facts()

    @classmethod
    def of(
        cls,
        arms: Scenario | Sequence[Scenario] | Mapping[str, Scenario],
        factors: Factor | Sequence[Factor] | Mapping[str, Any],
        outputs: Mapping[str, str] | Iterable[str],
        *,
        design: str = "sobol",
        points: int | None = None,
        levels: int | None = None,
        rows: Iterable[Sequence[Level]] | None = None,
        correlation: Correlation | None = None,
        replicates: int = 1,
        seed: int = 1,
        design_seed: int = 1,
        name: str = "sweep",
        title: str = "",
        question: str = "",
    ) -> Plan:
        """Make a plan of scenarios, factors and outputs, without a file.

        Parameters
        ----------
        arms : Scenario, list or mapping
            The worlds that are compared, by their names; the first is the base.
        factors : list of Factor, or mapping
            What is varied in all of them; keys and lists of values, ``{"learning.alpha": [0.2, 0.3]}``, will do.
        outputs : mapping or list
            Lines in the language of outcomes, by their names: ``{"jobs": "last(employed[IND])"}``.
        design : str
            "sobol", "latin_hypercube", "saltelli", "morris" or "grid".
        points : int, optional
            How many; of "saltelli" base samples, of "morris" trajectories.
        levels : int, optional
            Of "morris".
        rows : list of rows, optional
            The points themselves, a value for each factor: an array of SALib or numpy. There is no design then.
        correlation : mapping or matrix, optional
            A Gaussian copula, as for `handover.designs.spread`. It, and factors with distributions, need scipy; the
            design is then "sobol" or "latin_hypercube".
        replicates, seed : int
            Of the runs: the same random numbers at every point and in every arm.
        design_seed : int
            Of the points.
        name, title, question : str
            What it is called.

        Raises
        ------
        InputError
            Every problem found, each with its place in the text of the plan.

        Examples
        --------
        >>> import handover as ho
        >>> plan = ho.Plan.of(
        ...     ho.Scenario.load("baseline").coarse(years=1),
        ...     [ho.Factor("learning.alpha", 0.15, 0.45), ho.Factor("learning.transfer", 2, 60, unit="%", scale="log")],
        ...     {"jobs": "last(employed[IND])"},
        ...     points=8,
        ... )
        >>> plan.runs
        8
        """
        kind, given = design, None
        factors = _listed(factors)
        if rows is not None:
            kind, given = "list", [list(row) for row in rows]
        elif correlation is not None or any(factor.distribution is not None for factor in factors):
            if points is None:
                raise InputError("say how many points are to be drawn: points=64")
            kind = "list"
            given = spread(factors, points, correlation=correlation, design=design, seed=design_seed)
        words: dict[str, str | int] = {"name": name, "title": title, "question": question}
        # beside the shipped plans, so that their scenarios are found as theirs are
        path = scenario_folder() / "sweeps" / f"{name}.toml"
        files = _written(
            _named(arms),
            factors,
            outputs,
            path=path,
            kind=kind,
            points=points,
            rows=given,
            levels=levels,
            design_seed=design_seed,
            about={**words, "replicates": replicates, "seed": seed},
        )
        return cls(path, (), files)

    @property
    def text(self) -> str:
        """The plan as a file says it."""
        return {Path(path): text for path, text in self._parts[2]}[self.path]

    @cached_property
    def factors(self) -> list[Factor]:
        """What is varied.

        Raises
        ------
        InputError
            The ends of a range are in two units.
        """
        # of Python 3.11 and later
        toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        return [_factor(told_of) for told_of in toml.loads(self.text)["factor"]]

    def save(self, folder: str | Path) -> Path:
        """Write the plan and the scenarios that it names, for ``handover sweep`` or somebody else.

        Settings that were given to `load` are not part of the files: give them to the command as ``--set``.

        Returns
        -------
        Path
            The file of the plan.

        Examples
        --------
        >>> import handover as ho
        >>> import tempfile
        >>> ho.Plan.load(ho.Plan.load("smoke").save(tempfile.mkdtemp())).runs
        200
        """
        texts = {os.path.normpath(path): text for path, text in self._parts[2]}
        above = Path(os.path.commonpath([str(Path(path).parent) for path in texts]))
        place = Path(folder)
        for path, text in texts.items():
            file = place / Path(path).relative_to(above)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return place / Path(os.path.normpath(self.path)).relative_to(above)

    runs = Handed(int, "How many runs there are: points times arms times replicates.")
    points = Handed(int, "How many points the design has.")

    @cached_property
    def _parts(self) -> tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]:
        texts = self._raw.texts()
        return str(self.path), self.settings, tuple((str(path), text) for path, text in texts.items())

    def __reduce__(self) -> tuple[type[Plan], tuple[Any, ...]]:
        path, settings, texts = self._parts
        return Plan, (path, settings, dict(texts))

    def __repr__(self) -> str:
        about = f"{self.name}: {self.title}" if self.title else self.name
        return f"<plan {about}; {self.points} points, {self.runs} runs>"


#: A number with its unit.
_WITH_UNIT = re.compile(r"([-+]?[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][-+]?[0-9]+)?)\s*([^0-9\s.-].*)?")


def _apart(value: Any) -> tuple[Any, str]:
    """A value and its unit, as a plan says them."""
    found = _WITH_UNIT.fullmatch(value.strip()) if isinstance(value, str) else None
    return (float(found[1].replace("_", "")), found[2] or "") if found else (value, "")


def _factor(told_of: Mapping[str, Any]) -> Factor:
    """A factor as a plan says it."""
    key = told_of["key"] if "key" in told_of else tuple(told_of["keys"])
    ends = {end: _apart(told_of[end]) for end in ("low", "high") if end in told_of}
    several = [_apart(value) for value in told_of.get("values", [])]
    units = {unit for _, unit in [*ends.values(), *several]} | ({told_of["unit"]} if "unit" in told_of else set())
    if len(units) > 1:
        raise InputError(f"the factor {key!r} has values in several units: {', '.join(sorted(units))}")
    return Factor(
        key,
        **{end: value for end, (value, _) in ends.items()},
        values=[value for value, _ in several] or None,
        unit=next(iter(units), ""),
        scale=told_of.get("scale", "linear"),
        steps=told_of.get("steps"),
        name=told_of.get("name", ""),
    )


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

    Examples
    --------
    >>> import handover as ho
    >>> import tempfile
    >>> world = ho.Scenario.load("baseline").coarse(1_000_000, years=1, spin_up="4 weeks")
    >>> plan = ho.Plan.of(world, [ho.Factor("learning.alpha", 0.3, 0.4)], {"jobs": "last(employed[IND])"}, points=2)
    >>> result = ho.sweep(plan, tempfile.mkdtemp() + "/sweep")
    >>> result.done, len(result.table), len(result.sha256)
    (2, 2, 64)
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
        table = read_table(self.folder / "sweep.parquet")
        return table.noted(self._notes(table))

    def _notes(self, table: Table) -> str:
        """What stands below the table: seed, replicates, and of which grade what is varied is."""
        plan = json.loads(table.metadata["plan"])
        varied = [field for field in table.fields if field.name.startswith("factor: ")]
        graded = [f"{field.name.removeprefix('factor: ')} ({field.grade or 'no grade'})" for field in varied]
        return (
            f"{plan['title'] or plan['name']}: {self.done} of {self.runs} runs, {plan['replicates']} a point and arm, "
            f"seed {plan['seed']}. Varied, with the grade of the number that the scenario states: {', '.join(graded)}."
        )

    def __repr__(self) -> str:
        return f"<sweep in {self.folder}: {self.done} of {self.runs} runs, table {self.sha256}>"

    def _repr_html_(self) -> str:
        from handover import plot  # noqa: PLC0415

        head = f"<p>{escape(repr(self)[1:-1])}</p>"
        if self.sha256 is None:
            return head
        frame = self.table.to_pandas()
        asked = [column for column in frame if str(column).startswith("output: ")]
        shown: str = frame.groupby("arm", observed=True)[asked].agg(["mean", "min", "max"]).to_html(float_format="%.4g")
        first = str(asked[0]).removeprefix("output: ")
        return head + shown + drawn(lambda: plot.points(self, first, notes=False)[0])


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

    See Also
    --------
    SweepResult : With an example.
    """
    if isinstance(plan, Scenario):
        raise InputError("a plan is wanted, and this is a scenario: write Plan.of(scenario, factors, outputs)")
    plan = plan if isinstance(plan, Plan) else Plan.load(plan)
    folder = Path(out).absolute()
    plan._raw.check(folder)
    if executor is not None and client is not None:
        raise InputError("name an executor or a client, not both")
    with told(progress, "run") as tell:
        if client is not None:
            parts = client.scatter(plan._parts, broadcast=True, hash=False)
            futures = client.map(_live, [parts] * plan.runs, [str(folder)] * plan.runs, range(plan.runs), pure=False)
            _await(futures, need("dask.distributed", "dask").as_completed(futures), plan.runs, tell)
        elif executor is not None:
            from concurrent.futures import as_completed as completed  # noqa: PLC0415

            futures = [executor.submit(_live, plan._parts, str(folder), number) for number in range(plan.runs)]
            _await(futures, completed(futures), plan.runs, tell)
        else:
            plan._raw.live_all(folder, threads, tell)
    about = json.loads(plan._raw.collect(folder, partial))
    return SweepResult(folder, about)


def _await(futures: Sequence[Any], ended: Any, runs: int, tell: Any) -> None:
    """Wait for runs elsewhere; Ctrl-C, or a run that raises, calls off those that have not begun."""
    try:
        for done, future in enumerate(ended, 1):
            future.result()
            if tell is not None:
                tell(done, runs, "runs")
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def scenario_of(plan: Plan, number: int) -> Scenario:
    """The scenario of a run of a plan, to look at it closely.

    Examples
    --------
    >>> import handover as ho
    >>> ho.scenario_of(ho.Plan.load("smoke"), 3).replicate
    1
    """
    if not 0 <= number < plan.runs:
        raise InputError(f"the plan has {plan.runs} runs, numbered from 0")
    of = plan._raw.scenario(number).facts()
    found = Scenario.parse(of["toml"], f"run.seed={of['seed']}", f"run.replicate={of['replicate']}")
    if found.hash != of["hash"]:
        raise Bug("the scenario of a run does not read back as what it means")
    return found
