"""Sweeps and SALib: problems and samples become plans, plans and tables become problems and arrays.

A problem of SALib names factors by their keys, or by names of one's own together with ``keys``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handover._errors import InputError
from handover._extra import need
from handover.designs import Factor, Level
from handover.sweeps import Plan, SweepResult
from handover.table import Table

if TYPE_CHECKING:
    import numpy as np
    import pandas
    from numpy.typing import NDArray

    from handover.scenario import Scenario

#: SALib's dictionary of a problem.
Problem = Mapping[str, Any]

#: Of each of SALib's distributions, how many bounds it has.
_BOUNDS = {"unif": 2, "logunif": 2, "triang": 3, "norm": 2, "truncnorm": 4, "lognorm": 2}


def factors(
    problem: Problem,
    *,
    keys: Mapping[str, str | tuple[str, ...]] | None = None,
    units: Mapping[str, str] | None = None,
) -> list[Factor]:
    """Read what a problem of SALib varies.

    Parameters
    ----------
    problem : mapping
        With ``names`` and ``bounds``, and ``dists`` if they are not all uniform.
    keys : mapping, optional
        Keys of the scenario, by the problem's names; a name that is not there is a key itself.
    units : mapping, optional
        Units of the numbers, by the problem's names: ``"%"``, ``"USD/hour"``, ``"times"``.

    Raises
    ------
    InputError
        There is no such name or distribution.

    Examples
    --------
    >>> from handover import salib
    >>> problem = {"num_vars": 1, "names": ["alpha"], "bounds": [[0.15, 0.45]]}
    >>> salib.factors(problem, keys={"alpha": "learning.alpha"})[0].high
    0.45
    """
    names: list[str] = list(problem["names"])
    kinds = problem.get("dists") or ["unif"] * len(names)
    for name in (*(keys or {}), *(units or {})):
        if name not in names:
            raise InputError(f"the problem has no name {name!r}; it has {', '.join(names)}")
    found = []
    for name, bounds, kind in zip(names, problem["bounds"], kinds, strict=True):
        key = (keys or {}).get(name, name)
        one = Factor(key, unit=(units or {}).get(name, ""), name="" if key == name else name)
        ends = [float(end) for end in bounds]
        if _BOUNDS.get(kind) != len(ends):
            raise InputError(f"{name!r} is {kind!r} with {len(ends)} bounds; SALib knows {_BOUNDS}")
        if kind in ("unif", "logunif"):
            scale = "log" if kind == "logunif" else "linear"
            found.append(one._replace(low=ends[0], high=ends[1], scale=scale))
        else:
            found.append(one._replace(distribution=_frozen(kind, ends)))
    return found


def _frozen(kind: str, ends: list[float]) -> Any:
    """The distribution that SALib means."""
    stats = need("scipy.stats", "scipy")
    if kind == "triang":
        return stats.triang(c=ends[2], loc=ends[0], scale=ends[1] - ends[0])
    if kind == "norm":
        return stats.norm(*ends)
    if kind == "lognorm":
        return stats.lognorm(s=ends[1], scale=need("numpy", "scipy").exp(ends[0]))
    low, high, mean, spread = ends
    return stats.truncnorm((low - mean) / spread, (high - mean) / spread, loc=mean, scale=spread)


def plan(
    problem: Problem,
    sample: Iterable[Sequence[Level]],
    arms: Scenario | Sequence[Scenario] | Mapping[str, Scenario],
    outputs: Mapping[str, str] | Iterable[str],
    *,
    keys: Mapping[str, str | tuple[str, ...]] | None = None,
    units: Mapping[str, str] | None = None,
    **about: Any,
) -> Plan:
    """Make a plan of a problem of SALib and of what one of its samplers drew.

    Parameters
    ----------
    problem : mapping
        As SALib has it.
    sample : array
        A row for each point, a column for each name.
    arms, outputs : optional
        As for `Plan.of`.
    keys, units : mapping, optional
        As for `factors`.
    **about
        ``replicates``, ``seed``, ``name``, ``title``, ``question`` of the plan.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import salib
    >>> problem = {"num_vars": 1, "names": ["learning.alpha"], "bounds": [[0.15, 0.45]]}
    >>> world = ho.Scenario.load("baseline").coarse(years=1)
    >>> salib.plan(problem, [[0.2], [0.3]], world, {"jobs": "last(employed[IND])"}).runs
    2
    """
    return Plan.of(arms, factors(problem, keys=keys, units=units), outputs, rows=sample, **about)


def problem(of: Plan | SweepResult | Table | Sequence[Factor]) -> dict[str, Any]:
    """Give the factors of a plan or of the table of a sweep to SALib.

    Words are numbered by their places in the list. Where a list of rows says the values, the bounds are the least and
    the largest of them.

    Returns
    -------
    dict
        ``num_vars``, ``names``, ``bounds``, ``dists``, ``groups``, ``outputs``; of a table in the model's own units.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import salib
    >>> salib.problem(ho.Plan.load("doubtful"))["names"][:2]
    ['learning.alpha', 'irreducible']
    """
    if isinstance(of, SweepResult | Table):
        head = _head(of)
        names = [factor["name"] for factor in head["factors"]]
        ends = [_ends(factor, _column(of, factor)) for factor in head["factors"]]
        outputs = [output["name"] for output in head["outputs"]]
    else:
        several = of.factors if isinstance(of, Plan) else of
        names, outputs = [factor.label for factor in several], []
        ends = [_ends_of(factor) for factor in several]
    return {
        "num_vars": len(names),
        "names": names,
        "bounds": [[low, high] for low, high, _ in ends],
        "dists": ["logunif" if is_log else "unif" for _, _, is_log in ends],
        "groups": None,
        "outputs": outputs,
    }


def _ends_of(factor: Factor) -> tuple[float, float, bool]:
    if factor.low is not None and factor.high is not None:
        return factor.low, factor.high, factor.scale == "log"
    if factor.values is None:
        raise InputError(f"the factor {factor.label!r} has no range: ask the table of the sweep")
    numbers = [value for value in factor.values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(factor.values):
        return float(min(numbers)), float(max(numbers)), False
    return 0.0, float(len(factor.values) - 1), False


def _ends(factor: Mapping[str, Any], column: NDArray[np.float64]) -> tuple[float, float, bool]:
    between = factor["range"]["between"] if isinstance(factor["range"], dict) and "between" in factor["range"] else None
    if between is not None:
        return between["low"], between["high"], between["is_log"]
    return float(column.min()), float(column.max()), False


def _table(of: SweepResult | Table) -> Table:
    return of.table if isinstance(of, SweepResult) else of


def _head(of: SweepResult | Table) -> dict[str, Any]:
    """What the table of a sweep says of its plan."""
    text = _table(of).metadata.get("plan")
    if text is None:
        raise InputError("this is no table of a sweep: it holds no plan")
    head: dict[str, Any] = json.loads(text)
    return head


def points(of: SweepResult | Table, arm: str | None = None) -> pandas.DataFrame:
    """A row for each point of a sweep in one arm: its factors, and the mean of every output over the replicates.

    Parameters
    ----------
    of : SweepResult or Table
        Of a sweep.
    arm : str, optional
        Which; the base if nothing is said.

    Raises
    ------
    InputError
        There is no such arm, with those that there are; it is no table of a sweep.

    Examples
    --------
    >>> import handover as ho
    >>> import tempfile
    >>> from handover import salib
    >>> world = ho.Scenario.load("baseline").coarse(1_000_000, years=1, spin_up="4 weeks")
    >>> rights = ho.Factor("law.data_rights", values=["none", "consent"])
    >>> plan = ho.Plan.of(world, [rights], {"jobs": "last(employed[IND])"}, design="grid")
    >>> result = ho.sweep(plan, tempfile.mkdtemp() + "/sweep")
    >>> list(salib.points(result)["factor: law.data_rights"])
    ['none', 'consent']
    >>> salib.sample(result)[:, 0]
    array([0., 1.])
    >>> len(salib.outputs(result)["jobs"])
    2
    """
    head = _head(of)
    arm = head["arms"][0] if arm is None else arm
    if arm not in head["arms"]:
        raise InputError(f"the sweep has no arm {arm!r}; it has {', '.join(head['arms'])}")
    frame = _table(of).to_pandas()
    frame = frame[frame["arm"] == arm]
    varied = [f"factor: {factor['name']}" for factor in head["factors"]]
    asked = [f"output: {output['name']}" for output in head["outputs"]]
    by_point = frame.groupby("point", sort=True)
    found: pandas.DataFrame = by_point[varied].first().join(by_point[asked].mean())
    return found


def _column(of: SweepResult | Table, factor: Mapping[str, Any]) -> NDArray[np.float64]:
    """The numbers of a factor, words by their places."""
    column = points(of)[f"factor: {factor['name']}"]
    if factor["is_number"]:
        numbers: NDArray[np.float64] = column.to_numpy(dtype=float)
        return numbers
    words = list(map(str, column))
    known = factor["range"]["values"] if isinstance(factor["range"], dict) else list(dict.fromkeys(words))
    places = {str(word): place for place, word in enumerate(known)}
    return need("numpy", "salib").asarray([places[word] for word in words], dtype=float)  # type: ignore[no-any-return]


def sample(of: SweepResult | Table) -> NDArray[np.float64]:
    """Give the points of a sweep as SALib's array of them: a row for each point, a column for each factor.

    Words are numbered by their places in the list.

    See Also
    --------
    points : With an example of all three.
    """
    columns = [_column(of, factor) for factor in _head(of)["factors"]]
    array: NDArray[np.float64] = need("numpy", "salib").column_stack(columns)
    return array


def outputs(
    of: SweepResult | Table, *, arm: str | None = None, against: str | None = None
) -> dict[str, NDArray[np.float64]]:
    """Give the outputs of a sweep as SALib's analysers take them: an array of one number a point.

    Parameters
    ----------
    of : SweepResult or Table
        Of a sweep.
    arm : str, optional
        Which world; the base if nothing is said.
    against : str, optional
        Another, which is taken off: with common random numbers, point by point.

    Returns
    -------
    dict
        By the names of the outputs; means over the replicates, nan where there is none.

    See Also
    --------
    points : With an example of all three.
    """
    found, other = points(of, arm), None if against is None else points(of, against)
    columns = [name for name in found if str(name).startswith("output: ")]
    taken = found[columns] if other is None else found[columns] - other[columns]
    return {str(name).removeprefix("output: "): taken[name].to_numpy(dtype=float) for name in columns}
