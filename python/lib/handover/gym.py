"""A Gymnasium environment: a government that sets levers every quarter.

``gymnasium.make("handover/Levers-v0")`` makes one at a coarse grain; `Levers` takes a scenario, levers, observations
and a goal of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, SupportsFloat

import gymnasium
import numpy as np
from numpy.typing import NDArray

from handover._errors import InputError
from handover.scenario import Scenario
from handover.simulation import Simulation

#: What a government sees of a region where nothing else is asked for.
OBSERVED = ("unemployment_rate", "absorbed", "displaced_total", "transfers", "royalties_received", "government_balance")

#: Lowest and highest value of a lever, and its unit; a share has none.
Range = tuple[float, float] | tuple[float, float, str]

#: Levers and their ranges where nothing else is asked for.
LEVERS: Mapping[str, Range] = {"royalty_rate": (0.0, 0.5), "robot_tax": (0.0, 0.5)}

#: Goal of a step: the larger, the better.
Goal = Callable[[Simulation], float]


def less_unemployment(simulation: Simulation) -> float:
    """Minus the unemployment rate, a mean over the regions, in percentage points.

    Examples
    --------
    >>> import handover as ho
    >>> from handover.gym import less_unemployment
    >>> simulation = ho.Simulation(ho.Scenario.load("baseline").coarse(years=1), threads=1)
    >>> simulation.step(13)
    13
    >>> -100 <= less_unemployment(simulation) <= 0
    True
    """
    rates = [simulation.read("unemployment_rate", region) for region in simulation.regions]
    known = [rate for rate in rates if rate == rate]  # noqa: PLR0124
    return -100 * sum(known) / len(known) if known else 0.0


def _value(ends: Range, share: float) -> str | float:
    """A value within its range, with its unit."""
    value = round(float(ends[0] + share * (ends[1] - ends[0])), 2)
    return f"{value} {ends[2]}" if len(ends) > 2 else value  # noqa: PLR2004


class Levers(gymnasium.Env[NDArray[np.float32], NDArray[np.float32]]):
    """A government that sets levers, every quarter, in some regions.

    An action is one number a lever, from -1 (the lowest value) to 1 (the highest), rounded to hundredths. An
    observation is the last record of each metric in each region, divided by its size at the first step, and the share
    of the time that is over.
    Every episode has random numbers of its own: those of the seed of ``reset``, else of the next replicate.

    Parameters
    ----------
    scenario : Scenario, optional
        What is simulated; the baseline at a coarse grain, six years, if nothing is said.
    levers : mapping, optional
        Each lever of the law with its lowest and highest value: a share from 0 to 1, or a number with its unit, as
        ``(0, 5, "USD/hour")``.
    regions : list of str, optional
        Where they are set and what is observed; everywhere if nothing is said.
    observed : list of str
        Metrics.
    goal : function
        Takes the simulation after a step; the larger, the better.
    every : str
        Length of a step.

    Examples
    --------
    >>> from handover.gym import Levers
    >>> government = Levers(levers={"robot_tax": (0, 0.5)}, regions=["USA"])
    >>> seen, _ = government.reset(seed=1)
    >>> _, _, _, _, about = government.step(government.action_space.high)
    >>> about["law"]
    {'robot_tax': 0.5}
    """

    metadata = {"render_modes": []}  # noqa: RUF012

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        levers: Mapping[str, Range] = LEVERS,
        regions: Sequence[str] | None = None,
        observed: Sequence[str] = OBSERVED,
        goal: Goal = less_unemployment,
        every: str = "quarter",
    ) -> None:
        self.scenario = scenario or Scenario.load("baseline").coarse(500_000, years=6, spin_up="8 weeks")
        self.levers = dict(levers)
        self.regions = list(regions or self.scenario.regions)
        self.observed = list(observed)
        self.goal = goal
        self.every = every
        unknown = [region for region in self.regions if region not in self.scenario.regions]
        if unknown:
            raise InputError(f"there is no region {unknown[0]!r}; the scenario has {', '.join(self.scenario.regions)}")
        size = len(self.regions) * len(self.observed) + 1
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (len(self.levers),), np.float32)
        self.observation_space = gymnasium.spaces.Box(-1e6, 1e6, (size,), np.float32)
        self.simulation: Simulation | None = None
        self._episode = self.scenario.replicate
        self._scale: NDArray[np.float64] | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Begin anew, with the random numbers of the seed, or of the next replicate."""
        super().reset(seed=seed, options=options)
        if seed is None:
            self._episode += 1
            scenario = self.scenario.with_(replicate=self._episode)
        else:
            scenario = self.scenario.with_(seed=seed)
        self.simulation = Simulation(scenario, threads=1)
        # what was not recorded cannot be seen: the first quarter is nobody's
        self.simulation.step(self.simulation.ticks_in(self.every))
        self._scale = None
        return self._observe(self.simulation), {"date": self.simulation.date}

    def _observe(self, simulation: Simulation) -> NDArray[np.float32]:
        values = np.array([simulation.read(metric, region) for region in self.regions for metric in self.observed])
        values = np.nan_to_num(values)
        if self._scale is None:
            self._scale = np.maximum(np.abs(values), 1e-3)
        over = simulation.tick / max(1, simulation.tick + simulation.ticks_left)
        seen: NDArray[np.float32] = np.clip(np.append(values / self._scale, over), -1e6, 1e6).astype(np.float32)
        return seen

    def step(
        self, action: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], SupportsFloat, bool, bool, dict[str, Any]]:
        """Set the levers and simulate a quarter."""
        simulation = self.simulation
        if simulation is None:
            raise InputError("call reset before the first step")
        shares = (np.clip(np.asarray(action, dtype=np.float64), -1, 1) + 1) / 2
        ends = zip(self.levers.items(), shares, strict=True)
        said = {lever: _value(ends, share) for (lever, ends), share in ends}
        simulation.set(regions=self.regions, **said)
        simulation.step(simulation.ticks_in(self.every))
        about = {"date": simulation.date, "law": said}
        return self._observe(simulation), self.goal(simulation), False, simulation.is_over, about


gymnasium.register("handover/Levers-v0", entry_point="handover.gym:Levers")
