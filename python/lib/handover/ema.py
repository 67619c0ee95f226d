"""Scenarios as models of the EMA Workbench, its designs as plans, and sweeps as its results.

Parameters of the workbench say in ``variable_name`` which key of a scenario they set, outcomes which line they are::

    RealParameter("alpha", 0.15, 0.45, variable_name="learning.alpha")
    ScalarOutcome("jobs", variable_name="last(employed[IND])")
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handover._errors import InputError
from handover._extra import need
from handover.designs import Factor, Level
from handover.runs import Outcome, Results, run
from handover.salib import _head, points
from handover.scenario import Scenario, scenario_in
from handover.sweeps import Plan, SweepResult, scenario_of
from handover.table import Table

if TYPE_CHECKING:
    import numpy as np
    import pandas
    from numpy.typing import NDArray

#: What is varied: a factor, or a parameter of the workbench.
Varied = Any


def _workbench() -> Any:
    return need("ema_workbench", "ema")


class History:
    """A metric over time, as an outcome: it becomes a ``TimeSeriesOutcome``.

    Parameters
    ----------
    metric, region, item : str
        As for `Results.history`.

    Examples
    --------
    >>> from handover import ema
    >>> ema.History("unemployment_rate", "USA").metric
    'unemployment_rate'
    """

    def __init__(self, metric: str, region: str, item: str = "all") -> None:
        self.metric = metric
        self.region = region
        self.item = item

    def __call__(self, results: Results) -> list[float]:
        """Values at every record."""
        return [value for _, value in results.history(self.metric, self.region, self.item)]


class Runner:
    """A function of factors that runs a scenario: what a model of the workbench calls. It can be pickled.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    outcomes : mapping
        Lines, functions of the results or `History`, by their names.
    factors : list of Factor
        What may be varied; a name that is none of these is a key of the scenario.
    replicates : int
        Of each experiment, on common random numbers; outcomes are means over them.
    threads : int
        Of each run: one, where several experiments run at a time.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import ema
    >>> world = ho.Scenario.load("baseline").coarse(years=1)
    >>> ask = ema.Runner(world, {"jobs": "last(employed[IND])"}, [ho.Factor("learning.alpha", name="alpha")])
    >>> ask(alpha=0.3)["jobs"] > 1e6
    True
    >>> [scenario.explain("learning.alpha")[0].written for scenario in ask.scenarios(alpha=0.3)]
    ['0.3']
    """

    def __init__(
        self,
        scenario: Scenario,
        outcomes: Mapping[str, Outcome | History],
        factors: Sequence[Factor] = (),
        *,
        replicates: int = 1,
        threads: int = 1,
    ) -> None:
        self.scenario = scenario
        self.outcomes = dict(outcomes)
        self.factors = {factor.label: factor for factor in factors}
        self.replicates = replicates
        self.threads = threads
        for line in self.outcomes.values():
            if isinstance(line, str):
                # what is wrong with it is said before anything runs
                scenario.outcome(line)

    def scenarios(self, **values: Level) -> list[Scenario]:
        """The scenario of an experiment, once for each replicate."""
        if not values:
            first = self.scenario.replicate
            return [self.scenario.with_(replicate=first + n) for n in range(self.replicates)]
        factors = [self.factors.get(name, Factor(name)) for name in values]
        row = [_plain(value) for value in values.values()]
        plan = Plan.of(
            {"only": self.scenario},
            factors,
            {"any": f"last(employed[{self.scenario.regions[0]}])"},
            rows=[row],
            replicates=self.replicates,
            seed=self.scenario.seed,
        )
        return [scenario_of(plan, n) for n in range(self.replicates)]

    def __call__(self, **values: Level) -> dict[str, Any]:
        """Outcomes at these values of the factors."""
        ended = [run(scenario, threads=self.threads) for scenario in self.scenarios(**values)]
        return {name: _mean([_asked(one, outcome) for one in ended]) for name, outcome in self.outcomes.items()}


def _asked(results: Results, outcome: Outcome | History) -> Any:
    return results.outcome(outcome) if isinstance(outcome, str) else outcome(results)


def _plain(value: Any) -> Level:
    """A number, a word or a truth, of numpy or of the workbench's categories."""
    value = getattr(value, "value", value)
    plain: Level = value.item() if hasattr(value, "item") else value
    return plain


def _mean(values: list[Any]) -> Any:
    """Of numbers or of series, over replicates; nan where there is none."""
    known = [math.nan if value is None else value for value in values]
    mean = need("numpy", "ema").mean(known, axis=0)
    return float(mean) if mean.ndim == 0 else mean


def factors(parameters: Iterable[Varied], *, units: Mapping[str, str] | None = None) -> list[Factor]:
    """Read what parameters of the workbench vary.

    Parameters
    ----------
    parameters : list
        Real, integer, categorical or Boolean parameters; ``variable_name`` names the keys, else the name is one.
        A `Factor` stays as it is.
    units : mapping, optional
        Units of their numbers, by their names: ``"%"``, ``"USD/hour"``, ``"times"``.

    Examples
    --------
    >>> from ema_workbench import RealParameter
    >>> from handover import ema
    >>> ema.factors([RealParameter("alpha", 0.15, 0.45, variable_name="learning.alpha")])[0].key
    'learning.alpha'
    """
    return [one if isinstance(one, Factor) else _factor(one, (units or {}).get(one.name, "")) for one in parameters]


def _factor(parameter: Any, unit: str) -> Factor:
    names = parameter.variable_name
    keys = tuple([names] if isinstance(names, str) else names or [parameter.name])
    key = keys[0] if len(keys) == 1 else keys
    one = Factor(key, unit=unit, name="" if key == parameter.name else parameter.name)
    if hasattr(parameter, "categories"):
        return one._replace(values=[_plain(category) for category in parameter.categories])
    dist = parameter.dist
    if dist.dist.name == "uniform":
        return one._replace(low=float(parameter.lower_bound), high=float(parameter.upper_bound))
    if dist.dist.name in ("loguniform", "reciprocal"):
        return one._replace(low=float(parameter.lower_bound), high=float(parameter.upper_bound), scale="log")
    return one._replace(distribution=dist)


def parameters(factors: Iterable[Varied]) -> list[Any]:
    """Give factors to the workbench, as its parameters.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import ema
    >>> ema.parameters(ho.Plan.load("doubtful").factors)[0].upper_bound
    0.45
    """
    bench = _workbench()
    found = []
    for factor in factors:
        if not isinstance(factor, Factor):
            found.append(factor)
        elif factor.distribution is not None:
            is_whole = hasattr(factor.distribution, "pmf")
            kind = bench.IntegerParameter if is_whole else bench.RealParameter
            found.append(kind.from_dist(factor.label, factor.distribution))
        elif factor.values is not None:
            found.append(bench.CategoricalParameter(factor.label, list(factor.values)))
        elif factor.low is None or factor.high is None:
            raise InputError(f"the factor {factor.label!r} needs low and high, or values, or a distribution")
        elif factor.scale == "log":
            spread = need("scipy.stats", "ema").loguniform(factor.low, factor.high)
            found.append(bench.RealParameter.from_dist(factor.label, spread))
        else:
            found.append(bench.RealParameter(factor.label, factor.low, factor.high))
    return found


def model(
    scenario: Scenario,
    outcomes: Mapping[str, Outcome | History] | Iterable[Any],
    *,
    uncertainties: Iterable[Varied] = (),
    levers: Iterable[Varied] = (),
    units: Mapping[str, str] | None = None,
    replicates: int = 1,
    threads: int = 1,
    name: str = "handover",
) -> Any:
    """Make a model of the workbench that runs a scenario, for its evaluators and optimisers.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    outcomes : mapping or list
        Lines, functions of the results or `History`, by their names; or outcomes of the workbench, whose
        ``variable_name`` is the line.
    uncertainties, levers : list
        Factors, or parameters of the workbench.
    units : mapping, optional
        As for `factors`, for parameters of the workbench.
    replicates, threads : int
        As for `Runner`.
    name : str
        Of the model: letters and digits.

    Returns
    -------
    ema_workbench.Model
        For ``perform_experiments``, ``optimize`` and whatever else takes one.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import ema
    >>> world = ho.Scenario.load("baseline").coarse(years=1)
    >>> model = ema.model(world, {"jobs": "last(employed[IND])"}, uncertainties=[ho.Factor("learning.alpha", 0.2, 0.4)])
    >>> [outcome.name for outcome in model.outcomes]
    ['jobs']
    """
    bench = _workbench()
    if isinstance(outcomes, Mapping):
        asked: dict[str, Outcome | History] = dict(outcomes)
        kinds = [
            (bench.TimeSeriesOutcome if isinstance(line, History) else bench.ScalarOutcome)(name)
            for name, line in asked.items()
        ]
    else:
        kinds = list(outcomes)
        asked = {line: line for outcome in kinds for line in outcome.variable_name}
    uncertain, turned = list(uncertainties), list(levers)
    known = factors([*uncertain, *turned], units=units)
    # by the names of variables, which is what the workbench hands over: one factor for each key of a parameter
    mine = [factor for given, factor in zip([*uncertain, *turned], known, strict=True) if isinstance(given, Factor)]
    theirs = [
        factor for given, factor in zip([*uncertain, *turned], known, strict=True) if not isinstance(given, Factor)
    ]
    keys = [Factor(key, unit=factor.unit) for factor in theirs for key in factor.keys]
    runner = Runner(scenario_in(scenario), asked, [*mine, *keys], replicates=replicates, threads=threads)
    for factor in known:
        is_theirs = any(factor is one for one in theirs)
        _try(runner, factor, factor.keys if is_theirs else (factor.label,))
    found = bench.Model(name, runner)
    found.uncertainties = parameters(uncertain)
    found.levers = parameters(turned)
    found.outcomes = kinds
    return found


def _try(runner: Runner, factor: Factor, names: Iterable[str]) -> None:
    """See that a factor can be moved: what is wrong with it is said before anything runs."""
    level = factor.at(need("numpy", "ema").array([0.5]))[0]
    try:
        runner.scenarios(**dict.fromkeys(names, level))
    except InputError as error:
        is_known = not any(problem["label"] == "unknown key" for problem in error.problems)
        says = f"\n{factor.label!r} has no unit; of a parameter, units={{{factor.label!r}: '%'}} says it"
        hint = says if is_known and not factor.unit else ""
        raise InputError(f"{error}{hint}", json.dumps(error.problems)) from None


def plan(
    varied: Iterable[Varied],
    experiments: Any,
    arms: Scenario | Sequence[Scenario] | Mapping[str, Scenario],
    outputs: Mapping[str, str] | Iterable[str],
    *,
    units: Mapping[str, str] | None = None,
    **about: Any,
) -> Plan:
    """Make a plan of parameters of the workbench and of experiments that it designed.

    Parameters
    ----------
    varied : list
        Parameters of the workbench, uncertainties and levers; or factors.
    experiments : pandas.DataFrame or iterable of points
        What ``sample_parameters`` draws, or the experiments that ``perform_experiments`` returned.
    arms, outputs : optional
        As for `Plan.of`.
    units : mapping, optional
        As for `factors`.
    **about
        ``replicates``, ``seed``, ``name``, ``title``, ``question`` of the plan.
    """
    known = factors(varied, units=units)
    labels = [factor.label for factor in known]
    if hasattr(experiments, "to_dict"):
        experiments = experiments.to_dict("records")
    rows = []
    for n, point in enumerate(experiments):
        lacking = [label for label in labels if label not in point]
        if lacking:
            raise InputError(f"experiment {n} has no value of {lacking[0]!r}")
        rows.append([_plain(point[label]) for label in labels])
    return Plan.of(arms, known, outputs, rows=rows, **about)


def results(of: SweepResult | Table) -> tuple[pandas.DataFrame, dict[str, NDArray[np.float64]]]:
    """Give a sweep to the analyses of the workbench: PRIM, CART, feature scoring, its plots, ``save_results``.

    Parameters
    ----------
    of : SweepResult or Table
        Of a sweep.

    Returns
    -------
    experiments : pandas.DataFrame
        A row for each point and arm: the factors in the model's own units, ``scenario`` (the number of the point),
        ``policy`` (the arm), ``model`` (the sweep's name).
    outcomes : dict
        An array for each output: means over the replicates, nan where there is none.
    """
    head = _head(of)
    frames = []
    for arm in head["arms"]:
        frame = points(of, arm).reset_index(names="scenario")
        frames.append(frame.assign(policy=arm, model=head["name"]))
    whole: pandas.DataFrame = need("pandas", "ema").concat(frames, ignore_index=True)
    asked = {name: f"output: {name}" for name in (output["name"] for output in head["outputs"])}
    for name in asked:
        # the workbench saves only outcomes that it has met
        _workbench().ScalarOutcome(name)
    outcomes = {name: whole[column].to_numpy(dtype=float) for name, column in asked.items()}
    kept = whole.drop(columns=list(asked.values()))
    kept = kept.rename(columns=lambda column: str(column).removeprefix("factor: "))
    for word in ("scenario", "policy", "model"):
        kept[word] = kept[word].astype("category")
    return kept[[*(factor["name"] for factor in head["factors"]), "scenario", "policy", "model"]], outcomes
