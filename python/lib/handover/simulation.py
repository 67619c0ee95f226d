"""An economy step by step, and rules of one's own."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from handover import _handover
from handover._errors import InputError
from handover._extra import Progress, told
from handover.runs import Results
from handover.scenario import Scenario, Value, _toml, scenario_in

#: A policy rule: it reads the simulation and sets levers.
Rule = Callable[["Simulation"], Any]

#: Weeks of the words for how often.
_WEEKS = {"week": 1.0, "month": 4.0, "quarter": 13.0, "year": 52.0}


class _Said(NamedTuple):
    """What was set of one lever in one region: since when, until when, and its value."""

    region: str
    lever: str
    value: Value
    since: datetime.date
    until: datetime.date | None = None

    def policy(self) -> dict[str, Value]:
        end: dict[str, Value] = {} if self.until is None else {"until": self.until}
        return {"from": self.since, **end, "regions": [self.region], self.lever: self.value}


class Snapshot(NamedTuple):
    """The whole state between two ticks; it can be pickled.

    Attributes
    ----------
    scenario : Scenario
        With every policy that was enacted before.
    date : datetime.date
        First day of the tick that comes next.
    state : bytes
        A checkpoint, as the command line writes them.

    Examples
    --------
    >>> import handover as ho
    >>> simulation = ho.Simulation(ho.Scenario.load("baseline").coarse(years=1), threads=1)
    >>> snapshot = simulation.snapshot()
    >>> ho.Simulation.of(snapshot).state_hash == simulation.state_hash
    True
    """

    scenario: Scenario
    date: datetime.date
    state: bytes
    first: Scenario
    said: tuple[_Said, ...] = ()


class Simulation:
    """An economy between two ticks.

    What is set becomes a dated policy of `scenario`. So whatever a rule did can be run again without it, to the same
    bits: ``run(simulation.scenario)``.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    threads : int, optional
        One a core if nothing is said; results do not depend on it. For small economies one is fastest.
    settle : bool
        Simulate the spin-up at once, so that the first step is that of the first day.

    Examples
    --------
    >>> import handover as ho
    >>> simulation = ho.Simulation(ho.Scenario.load("baseline").coarse(years=1), threads=1)
    >>> simulation.step(13)
    13
    >>> simulation.set(regions=["USA"], robot_tax="20 %")
    >>> simulation.step()
    1
    >>> simulation.tick, str(simulation.date), simulation.ticks_left, simulation.is_over
    (14, '2027-04-09', 38, False)
    >>> list(simulation.latest()[0])
    ['tick', 'region', 'metric', 'item', 'value']
    >>> simulation.law("USA")["robot_tax"]
    0.2
    >>> run = simulation.finish()
    >>> ho.run(run.scenario).state_hash == run.state_hash
    True

    Under a rule, and with another future:

    >>> other = ho.Simulation(ho.Scenario.load("baseline").coarse(years=1), threads=1)
    >>> other.enact(other.scenario.enact("2027-04", regions=["IND"], data_rights="ban"))
    >>> other.govern(lambda simulation: simulation.set(regions=["USA"], robot_tax="20 %"))
    >>> other.is_over
    True
    """

    def __init__(self, scenario: Scenario, *, threads: int | None = None, settle: bool = True) -> None:
        self._begin(_handover.Simulation(scenario_in(scenario)._raw, threads), scenario, threads)
        if settle:
            self.step(max(0, -self.tick))

    def _begin(self, raw: _handover.Simulation, scenario: Scenario, threads: int | None) -> None:
        self._raw = raw
        self._scenario = scenario
        self._threads = threads
        # the scenario without what was set, and that
        self._first = scenario
        self._said: tuple[_Said, ...] = ()

    @classmethod
    def _restored(cls, snapshot: Snapshot, threads: int | None) -> Simulation:
        self = cls.__new__(cls)
        raw = _handover.Simulation.restored(snapshot.scenario._raw, snapshot.state, threads)
        self._begin(raw, snapshot.scenario, threads)
        self._first, self._said = snapshot.first, snapshot.said
        return self

    @property
    def scenario(self) -> Scenario:
        """The scenario, with every policy that was set on the way."""
        return self._scenario

    @property
    def regions(self) -> list[str]:
        """Names of the regions."""
        return self._scenario.regions

    @property
    def tick(self) -> int:
        """The tick that comes next; negative in the spin-up."""
        return self._raw.clock()[0]

    @property
    def date(self) -> datetime.date:
        """First day of the tick that comes next."""
        return self._raw.clock()[1]

    @property
    def ticks_left(self) -> int:
        """How many ticks there are until the end."""
        return self._raw.clock()[2]

    @property
    def is_over(self) -> bool:
        """Whether the last tick has been simulated."""
        return self.ticks_left == 0

    @property
    def state_hash(self) -> str:
        """Hash of the state."""
        return self._raw.state_hash()

    def step(self, ticks: int = 1) -> int:
        """Simulate so many ticks, or those that are left.

        Returns
        -------
        int
            How many were simulated.

        Raises
        ------
        Bug
            An identity broke.
        """
        return self._raw.step(ticks)

    def ticks_in(self, length: str) -> int:
        """How many ticks a length of time has: "tick", "quarter", "year", "4 weeks"."""
        if length == "tick":
            return 1
        number, _, unit = length.rpartition(" ")
        weeks = _WEEKS.get(unit.removesuffix("s"))
        try:
            count = float(number) if number else 1.0
        except ValueError:
            weeks = None
        if weeks is None or count <= 0:
            raise InputError(f'{length!r} is no length of time; write "tick", "quarter", "year" or "4 weeks"')
        tick = float(self._scenario.parameters["run"]["tick"])
        return max(1, round(count * weeks / tick))

    def read(self, metric: str, region: str, item: str = "all") -> float:
        """The last record of a metric, as a government could know it; nan if there is none yet.

        Parameters
        ----------
        metric, region, item : str
            As in the table ``series``. Values are recorded every ``run.record_every``.

        Raises
        ------
        InputError
            There is no such metric or region, with those that there are.
        """
        found = self._raw.read(metric, region, item)
        return math.nan if found is None else found[1]

    def latest(self) -> list[dict[str, Any]]:
        """All values of the last record: ``tick``, ``region``, ``metric``, ``item``, ``value``."""
        names = ("tick", "region", "metric", "item", "value")
        return [dict(zip(names, row, strict=True)) for row in reversed(self._raw.records())]

    def law(self, region: str) -> dict[str, Any]:
        """The law of a region in the last tick: levers and their values in the model's units."""
        found: dict[str, Any] = json.loads(self._raw.law(region))
        return found

    def set(self, *, regions: Sequence[str] | None = None, **levers: Value) -> None:
        """Change the law from the tick that comes next on, until it is changed again.

        Parameters
        ----------
        regions : list of str, optional
            Where; everywhere if nothing is said.
        **levers
            ``robot_tax="20 %"``, ``data_rights="consent"``; a share may be a plain number. See `levers`.

        Raises
        ------
        InputError
            There is no such lever, the value does not fit, or a policy of the scenario sets it at that time.
        """
        today, said = self.date, self._said
        for region in regions or self.regions:
            for lever, value in levers.items():
                said = _next(said, _Said(region, lever, value, today))
        if said != self._said:
            scenario = self._first.with_(None, *(f"policy.new={_toml(one.policy())}" for one in said))
            self._raw.enact(scenario._raw)
            self._scenario, self._said = scenario, said

    def enact(self, scenario: Scenario) -> None:
        """Give the economy another future.

        Parameters
        ----------
        scenario : Scenario
            One that differs only by policies and events from today on.

        Raises
        ------
        InputError
            It differs before that; with what differs.
        """
        self._raw.enact(scenario._raw)
        self._scenario = self._first = scenario
        self._said = ()

    def govern(self, rule: Rule, *, every: str = "quarter", progress: Progress = None) -> None:
        """Simulate what is left under a policy rule.

        Parameters
        ----------
        rule : function
            Takes this simulation, reads it and sets levers.
        every : str
            How often it is asked: "tick", "quarter", "year", "4 weeks".
        progress : bool or function, optional
            As for `run`.
        """
        pace = self.ticks_in(every)
        steps = self.ticks_left
        with told(progress) as tell:
            while not self.is_over:
                rule(self)
                self.step(pace)
                if tell is not None:
                    tell(steps - self.ticks_left, steps, str(self.date))

    def snapshot(self) -> Snapshot:
        """The whole state, to go on from later or elsewhere."""
        return Snapshot(self._scenario, self.date, self._raw.snapshot(), self._first, self._said)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot, also one of another process.

        Raises
        ------
        InputError
            It is damaged, or of another version.
        """
        other = Simulation._restored(snapshot, self._threads)
        self._raw, self._scenario = other._raw, other._scenario
        self._first, self._said = other._first, other._said

    @classmethod
    def of(cls, snapshot: Snapshot, *, threads: int | None = None) -> Simulation:
        """A simulation that goes on from a snapshot."""
        return cls._restored(snapshot, threads)

    def fork(self, scenario: Scenario | None = None) -> Simulation:
        """A second economy with the same past.

        Parameters
        ----------
        scenario : Scenario, optional
            Another future: it may differ by what acts from today on, and by its length.
        """
        snapshot = self.snapshot()
        if scenario is None:
            return Simulation.of(snapshot, threads=self._threads)
        other = Simulation.__new__(Simulation)
        raw = _handover.Simulation.forked(scenario._raw, snapshot.state, snapshot.date, self._threads)
        other._begin(raw, scenario, self._threads)
        return other

    def finish(self) -> Results:
        """Simulate what is left, and give the results; the simulation is over then."""
        # step by step Ctrl-C is heard, and leaves a simulation that can go on
        self.step(self.ticks_left)
        return Results(self._raw.finish(), self._scenario)

    def __repr__(self) -> str:
        return f"<simulation of {self._scenario.name} at {self.date}>"


def _next(said: tuple[_Said, ...], new: _Said) -> tuple[_Said, ...]:
    """What was set, with one lever set anew: what was in force of it before ends."""
    of = [one for one in said if (one.region, one.lever, one.until) == (new.region, new.lever, None)]
    if of and of[-1].value == new.value:
        return said
    kept = (one._replace(until=new.since) if one in of else one for one in said)
    return (*(one for one in kept if one.until is None or one.until > one.since), new)
