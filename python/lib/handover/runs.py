"""One run of a scenario, and many with other random numbers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from handover import _handover
from handover._errors import Bug, HandoverError, InputError
from handover._extra import Progress, drawn, told
from handover._named import Handed
from handover.scenario import Scenario, scenario_in
from handover.table import Table

if TYPE_CHECKING:
    from handover.simulation import Rule

#: A number of a run: a line in the language of outcomes, or a function of its results.
Outcome = str | Callable[["Results"], float | None]

#: Seconds between two looks at whether somebody pressed Ctrl-C.
_PAUSE = 0.05


class Results:
    """What a run leaves behind.

    Attributes
    ----------
    scenario : Scenario
        As it was run, with every policy that a rule enacted.

    Examples
    --------
    >>> import handover as ho
    >>> run = ho.run(ho.Scenario.load("baseline").coarse(years=1))
    >>> run.history("employed", "IND")[-1][0]
    51
    >>> run.ticks, run.workers > 1000, run.money_moved > 0, run.money_discrepancy
    (78, True, True, 0)
    >>> run.gains.columns[:6]
    ['scenario', 'replicate', 'seed', 'region', 'group', 'line']
    >>> run.notes.startswith("baseline: "), "Where to look next" in run.summary(), run.report()[:15]
    (True, False, '<!DOCTYPE html>')
    >>> run.files[:3]
    ['series.csv', 'series.parquet', 'flows.parquet']
    >>> run.picture("plots/displacement.svg")[:4]
    b'<svg'
    """

    def __init__(self, raw: _handover.Results, scenario: Scenario) -> None:
        self._raw, self._facts = raw, raw.facts()
        self.scenario = scenario

    state_hash = Handed(str, "Hash of the final state: the same as the command line's.")
    ticks = Handed(int, "Ticks simulated, the spin-up included.")
    workers = Handed(int, "Worker agents.")
    money_moved = Handed(int, "Micro-dollars moved since the founding.")
    money_discrepancy = Handed(int, "Micro-dollars that came from nowhere: zero, or a bug.")

    @property
    def notes(self) -> str:
        """What stands below a table or a figure: scenario, replicate, seed, grades of evidence."""
        of = self._raw.scenario.facts()
        which = f"Replicate {of['replicate']}, seed {of['seed']}."
        return f"{of['name']}: {of['title']}. {which} Conditional on the scenario's numbers. {self.scenario.evidence}"

    def _table(self, name: str) -> Table:
        return Table(self._raw.table(name), name, self.notes)

    @cached_property
    def series(self) -> Table:
        """Every recorded value: a row for each date, region, metric and item."""
        return self._table("series")

    @cached_property
    def flows(self) -> Table:
        """The transactions-flow matrix: a row for each date, kind of payment, payer and payee; US dollars."""
        return self._table("flows")

    @cached_property
    def receipt(self) -> Table:
        """Whose hours took whose jobs, by year and pair of regions."""
        return self._table("receipt")

    @cached_property
    def gains(self) -> Table:
        """Who gained, who lost, who was paid."""
        return self._table("gains")

    @cached_property
    def panel(self) -> Table:
        """A sample of workers, a row for each and each interval (``run.panel`` of them, every ``run.panel_every``).

        Raises
        ------
        InputError
            The scenario wants no panel, or the run is too short.
        """
        return self._table("panel")

    def history(self, metric: str, region: str, item: str = "all") -> list[tuple[int, float]]:
        """Ticks and values of a metric in a region.

        Raises
        ------
        InputError
            There is no such metric, region or item; with those that there are.
        """
        return self._raw.history(metric, region, item)

    def outcome(self, outcome: Outcome) -> float | None:
        """One number of the run; None where it does not exist.

        Parameters
        ----------
        outcome : str or function
            ``"last(unemployment_rate[USA])"``, sums, differences, products and quotients of such; or a function that
            takes these results.

        Examples
        --------
        >>> import handover as ho
        >>> run = ho.run(ho.Scenario.load("royalty-15").coarse(years=3))
        >>> run.outcome("mean(employed[IND]) / mean(employed[IND])")
        1.0
        >>> run.outcome(lambda run: run.history("employed", "IND")[-1][1]) == run.outcome("last(employed[IND])")
        True
        """
        return self._raw.outcome(outcome) if isinstance(outcome, str) else outcome(self)

    def outcomes(self, outcomes: Mapping[str, Outcome]) -> dict[str, Any]:
        """A row of several outcomes by their names, with scenario, replicate and seed."""
        if not isinstance(outcomes, Mapping):
            raise InputError(f"outcomes have names: write {{'mine': {outcomes!r}}}")
        of = self._raw.scenario.facts()
        keys: dict[str, Any] = {"scenario": of["name"], "replicate": of["replicate"], "seed": of["seed"]}
        return keys | {name: self.outcome(outcome) for name, outcome in outcomes.items()}

    def summary(self) -> str:
        """What the command line says at the end of the run."""
        return self._raw.summary("DIR").rsplit("Where to look next", 1)[0].strip() + "\n"

    @cached_property
    def _files(self) -> _handover.Folder:
        return self._raw.folder()

    def report(self) -> str:
        """The page of the run, as HTML that needs no network."""
        return self._files.read("report.html").decode()

    def picture(self, name: str) -> bytes:
        """A picture as the command line draws it, such as ``plots/displacement.svg``; see `files`."""
        return self._files.read(name)

    @property
    def files(self) -> list[str]:
        """Names of the files that `save` writes."""
        return self._files.names()

    def save(self, folder: str | Path, *, panel: bool = False, force: bool = False) -> None:
        """Write the result as the command line does: whole, or not at all.

        Parameters
        ----------
        folder : path
            Where to.
        panel : bool
            With the panel, as the command writes it, which runs the scenario once more for it.
        force : bool
            Replace an earlier result.
        """
        if panel:
            _by_command(self.scenario, [self], folder, [], force=force)
        else:
            self._files.save(folder, force)

    def __repr__(self) -> str:
        of = self._raw.scenario.facts()
        which = f"{of['name']}, replicate {of['replicate']}, seed {of['seed']}"
        return f"<run of {which}: {self.workers} agents, {self.ticks} ticks>"

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415

        return f"<pre>{escape(self.summary())}</pre>{_svg(self._files)}"


def _svg(files: _handover.Folder) -> str:
    """The first picture of a result that is a drawing, for a notebook."""
    names = [name for name in files.names() if name.endswith(".svg")]
    first = next((name for name in names if "displacement" in name), names[0] if names else None)
    text = files.read(first).decode() if first else ""
    return re.sub(r"^<\?xml[^>]*\?>", "", text)


def run(
    scenario: Scenario,
    *,
    rule: Rule | None = None,
    every: str = "quarter",
    threads: int | None = None,
    progress: Progress = None,
) -> Results:
    """Run a scenario to its end.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    rule : function, optional
        A policy rule: it takes the `Simulation` and sets levers, from the first day on.
    every : str
        How often the rule is asked: "tick", "quarter", "year" or a length such as "4 weeks".
    threads : int, optional
        One a core if nothing is said; results do not depend on it.
    progress : bool or function, optional
        True shows a bar of tqdm; a function is called with steps done, steps in all and some words.

    Returns
    -------
    Results
        The same bits as the command line's.

    Raises
    ------
    Bug
        An identity broke.
    KeyboardInterrupt
        Ctrl-C.

    Examples
    --------
    >>> import handover as ho
    >>> run = ho.run(ho.Scenario.load("royalty-15").coarse(years=3))
    >>> run.money_discrepancy
    0
    """
    scenario_in(scenario)
    if rule is not None:
        from handover.simulation import Simulation  # noqa: PLC0415

        simulation = Simulation(scenario, threads=threads)
        simulation.govern(rule, every=every, progress=progress)
        return simulation.finish()
    with told(progress) as tell:
        return Results(_handover.run(scenario._raw, threads, tell), scenario)


class Ensemble(Sequence[Results]):
    """Replicates of a scenario: the same parameters, other random numbers.

    Attributes
    ----------
    scenario : Scenario
        Of all.
    failures : list of (int, str)
        Replicates that ended without results, each with its cause.

    Examples
    --------
    >>> import handover as ho
    >>> ensemble = ho.ensemble(ho.Scenario.load("baseline").coarse(years=1), 2)
    >>> [row["replicate"] for row in ensemble.outcomes({"jobs": "last(employed[IND])"})]
    [0, 1]
    >>> ensemble.bands.columns[-6:]
    ['mean', 'q05', 'q25', 'median', 'q75', 'q95']
    >>> "2 replicates, seed 2." in ensemble.notes
    True
    >>> import tempfile
    >>> ensemble.save(tempfile.mkdtemp() + "/ensemble")
    """

    def __init__(self, scenario: Scenario, replicates: list[Results], failures: list[tuple[int, str]]) -> None:
        self.scenario = scenario
        self.failures = failures
        self._replicates = replicates

    def __len__(self) -> int:
        return len(self._replicates)

    def __getitem__(self, place: Any) -> Any:
        return self._replicates[place]

    @property
    def notes(self) -> str:
        """What stands below a table or a figure: scenario, replicates, seed, grades of evidence."""
        of = self.scenario
        done, tried = len(self), len(self) + len(self.failures)
        count = f"{done} replicates" if done == tried else f"{done} of {tried} replicates"
        return f"{of.name}: {of.title}. {count}, seed {of.seed}. Conditional on the scenario's numbers. {of.evidence}"

    @cached_property
    def bands(self) -> Table:
        """Mean and quantiles of every value over the replicates."""
        raw = _handover.bands(self.scenario._raw, [one._raw for one in self._replicates], self.failures)
        return Table(raw, "bands", self.notes)

    @cached_property
    def gains(self) -> Table:
        """Who gained and who lost, with quantiles over the replicates."""
        raw = _handover.gains(self.scenario._raw, [one._raw for one in self._replicates], self.failures)
        return Table(raw, "gains", self.notes)

    def outcomes(self, outcomes: Mapping[str, Outcome]) -> list[dict[str, Any]]:
        """A row of outcomes for each replicate, with scenario, replicate and seed; ``pandas.DataFrame`` takes it."""
        return [one.outcomes(outcomes) for one in self._replicates]

    def save(self, folder: str | Path, *, panel: int | None = None, force: bool = False) -> None:
        """Write the ensemble as ``handover run --replicates`` does, which runs the scenario once more for it.

        Tables of each replicate, bands, pictures and the page are then those of the command, and the final states
        must be those of this ensemble.

        Parameters
        ----------
        folder : path
            Where to.
        panel : int, optional
            Workers followed in each replicate's panel; none if nothing is said.
        force : bool
            Replace an earlier result.

        Raises
        ------
        InputError
            The folder holds a result; or the replicates were governed by a rule, so that each has a scenario of its
            own: save them one by one.
        """
        if any(one.scenario.with_(replicate=self.scenario.replicate) != self.scenario for one in self):
            raise InputError("a rule made a scenario of its own for each replicate; save them one by one")
        tried = len(self) + len(self.failures)
        options: list[str | Path] = ["--replicates", str(tried), *(["--panel", str(panel)] if panel else [])]
        _by_command(self.scenario, list(self), folder, options, force=force)

    def __repr__(self) -> str:
        of = self.scenario
        return f"<ensemble of {of.name}: {len(self)} replicates, {len(self.failures)} failed, seed {of.seed}>"

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415

        from handover import plot  # noqa: PLC0415

        chart = drawn(lambda: plot.history(self, "absorbed", self.scenario.regions, notes=False))
        return f"<p>{escape(self.notes)}</p>{chart}"


def _by_command(
    scenario: Scenario, results: list[Results], folder: str | Path, options: list[str | Path], *, force: bool
) -> None:
    """Write what the command writes of a scenario that was run here, and see that it is the same."""
    from handover.commands import _written, command  # noqa: PLC0415

    with _written(scenario) as words:
        command("run", *words, *options, "--out", folder, "--quiet", *(["--force"] if force else []))
    about = json.loads((Path(folder) / "manifest.json").read_text())
    ends = about["seeds"] if "state_hash" in about["seeds"][0] else [about]
    if [one["state_hash"] for one in ends] != [one.state_hash for one in results]:
        raise Bug("the command's run ended in another state than this one")


def ensemble(
    scenario: Scenario,
    replicates: int = 10,
    *,
    rule: Rule | None = None,
    every: str = "quarter",
    threads: int | None = None,
    progress: Progress = None,
) -> Ensemble:
    """Run a scenario many times with other random numbers.

    Parameters
    ----------
    scenario : Scenario
        What is run; the first replicate has its number.
    replicates : int
        How many.
    rule, every : optional
        A policy rule, as for `run`.
    threads : int, optional
        One a core if nothing is said; results do not depend on it.
    progress : bool or function, optional
        As for `run`.

    Examples
    --------
    >>> import handover as ho
    >>> len(ho.ensemble(ho.Scenario.load("baseline").coarse(years=1), 2))
    2
    """
    scenario_in(scenario)
    if replicates < 1:
        raise InputError(f"an ensemble has at least one replicate, and {replicates} are asked for")
    if rule is not None:
        return _governed(scenario, replicates, rule, every, threads=threads, progress=progress)
    with told(progress) as tell:
        found, failures = _handover.ensemble(scenario._raw, replicates, threads, tell)
    number = [one.scenario.facts()["replicate"] for one in found]
    members = [Results(one, scenario.with_(replicate=n)) for n, one in zip(number, found, strict=True)]
    return Ensemble(scenario, members, failures)


class _Stopped(Exception):
    """Raised in a thread whose work nobody waits for any more."""


def _governed(
    scenario: Scenario, replicates: int, rule: Rule, every: str, *, threads: int | None, progress: Progress
) -> Ensemble:
    first = scenario.replicate
    done, steps = [0] * replicates, [0] * replicates
    is_over = Event()

    def one(place: int) -> Results | tuple[int, str]:
        def count(ticks: int, of: int, _: str) -> None:
            if is_over.is_set():
                raise _Stopped
            done[place], steps[place] = ticks, of

        try:
            of = scenario.with_(replicate=first + place)
            return run(of, rule=rule, every=every, threads=1, progress=count)
        except HandoverError as error:
            return first + place, str(error)

    with told(progress) as tell, ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        futures = [pool.submit(one, place) for place in range(replicates)]
        left = set(futures)
        try:
            while left:
                # a short wait hears Ctrl-C, and what a rule raised ends the others too
                ended, left = wait(left, _PAUSE, FIRST_COMPLETED)
                for future in ended:
                    future.result()
                if tell is not None and max(steps) > 0:
                    words = f"{replicates - len(left)} of {replicates} replicates"
                    tell(sum(done), max(steps) * replicates, words)
        except BaseException:
            is_over.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    found = [future.result() for future in futures]
    members = [end for end in found if isinstance(end, Results)]
    return Ensemble(scenario, members, [end for end in found if not isinstance(end, Results)])


def outcome_of_arms(outcome: str, arms: Mapping[str, Results]) -> float | None:
    """An outcome over several runs: ``"of(royalty, last(employed[IND])) - last(employed[IND])"``.

    Parameters
    ----------
    outcome : str
        ``of(ARM, ...)`` reads another arm; everything else is of the first.
    arms : mapping
        Runs by their names.

    Examples
    --------
    >>> import handover as ho
    >>> base, tax = (ho.Scenario.load(name).coarse(years=3) for name in ("baseline", "robot-tax-dividend"))
    >>> arms = {"base": ho.run(base), "tax": ho.run(tax)}
    >>> ho.outcome_of_arms("of(tax, last(employed[USA])) / last(employed[USA])", arms) > 0.5
    True
    """
    return _handover.outcome_of_arms(outcome, [(name, results._raw) for name, results in arms.items()])
