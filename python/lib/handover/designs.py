"""Designs of one's own: factors with ranges or distributions, and the plan of a sweep made of them."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handover._errors import InputError
from handover._extra import need
from handover.scenario import scenario_in

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handover.scenario import Scenario

#: A value of a factor: a number in the factor's unit, a word, a truth.
Level = float | str | bool

#: How correlated factors are: pairs of names with a number, or a whole matrix in the order of the factors.
Correlation = Mapping[tuple[str, str], float] | Sequence[Sequence[float]]

#: Designs that the program makes itself, and the key that says how large each is.
_KINDS = {
    "sobol": "points",
    "latin_hypercube": "points",
    "saltelli": "points",
    "morris": "trajectories",
    "grid": "",
    "list": "",
}

#: What a name of a plan cannot hold, because it is the name of a folder.
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class Factor(NamedTuple):
    """What is varied: a key, and which values it takes.

    Attributes
    ----------
    key : str or tuple of str
        Any key that ``--set`` takes; several of them are moved together.
    low, high : float, optional
        Ends of a range.
    values : sequence, optional
        A list of values instead: numbers, words, truths.
    distribution : optional
        A frozen distribution of ``scipy.stats``, or whatever has ``ppf``.
    unit : str
        Of all these numbers: ``"%"``, ``"USD/hour"``; ``"times"`` for multiples of what the scenario states.
    scale : str
        ``"linear"`` or ``"log"``: in what the range is even.
    steps : int, optional
        How many values a grid takes from the range.
    name : str
        What it is called in tables; its key if nothing is said.

    Examples
    --------
    >>> import handover as ho
    >>> import numpy
    >>> factor = ho.Factor("learning.transfer", 2, 50, unit="%", scale="log")
    >>> factor.label
    'learning.transfer'
    >>> [round(value) for value in factor.at(numpy.array([0, 0.5, 1]))]
    [2, 10, 50]
    >>> ho.Factor(("learning.alpha", "learning.drag"), 0.5, 2, unit="times").keys
    ('learning.alpha', 'learning.drag')
    """

    key: str | tuple[str, ...]
    low: float | None = None
    high: float | None = None
    values: Sequence[Level] | None = None
    distribution: Any = None
    unit: str = ""
    scale: str = "linear"
    steps: int | None = None
    name: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that it moves."""
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def label(self) -> str:
        """What it is called in tables."""
        return self.name or " and ".join(self.keys)

    def at(self, share: NDArray[np.float64]) -> list[Level]:
        """Values at shares of the way through its range, list or distribution, each from 0 to 1.

        Parameters
        ----------
        share : numpy.ndarray
            One number a point.

        Raises
        ------
        InputError
            It has neither range nor list nor distribution, or a value that is no number.
        """
        numpy = need("numpy", "scipy")
        if self.distribution is not None:
            found = numpy.asarray(self.distribution.ppf(share), dtype=float)
        elif self.values is not None:
            place = numpy.minimum((share * len(self.values)).astype(int), len(self.values) - 1)
            return [self.values[int(one)] for one in place]
        elif self.low is None or self.high is None:
            raise InputError(f"the factor {self.label!r} needs low and high, or values, or a distribution")
        elif self.scale == "log":
            found = numpy.exp(math.log(self.low) + (math.log(self.high) - math.log(self.low)) * share)
        else:
            found = self.low + (self.high - self.low) * share
        if not numpy.isfinite(found).all():
            raise InputError(f"the factor {self.label!r} takes a value that is no number")
        return [float(one) for one in found]

    def _toml(self, *, is_listed: bool) -> list[str]:
        """Its lines of a plan; a list of rows has the values itself."""
        which = "key" if isinstance(self.key, str) else "keys"
        lines = ["[[factor]]", f"{which} = {_quoted(self.key if isinstance(self.key, str) else list(self.key))}"]
        if self.name or len(self.keys) > 1:
            lines.append(f"name = {_quoted(self.label)}")
        if is_listed:
            return [*lines, *(['unit = "times"'] if self.unit == "times" else [])]
        if self.values is not None:
            lines.append(f"values = [{', '.join(self._level(value) for value in self.values)}]")
        if self.low is not None:
            lines.append(f"low = {self._level(self.low)}")
        if self.high is not None:
            lines.append(f"high = {self._level(self.high)}")
        if self.scale != "linear":
            lines.append(f"scale = {_quoted(self.scale)}")
        if self.steps is not None:
            lines.append(f"steps = {self.steps}")
        return lines

    def _level(self, value: Any) -> str:
        """A value as a plan writes it."""
        # numbers of numpy, too
        value = value.item() if hasattr(value, "item") else value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _quoted(value)
        if not math.isfinite(value):
            raise InputError(f"the factor {self.label!r} takes a value that is no number: {value}")
        text = format(Decimal(repr(value)), "f")
        if self.unit:
            return _quoted(f"{text} {self.unit}")
        return text if "." in text or isinstance(value, int) else f"{text}.0"


def _quoted(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False)


def spread(
    factors: Sequence[Factor],
    points: int,
    *,
    correlation: Correlation | None = None,
    design: str = "sobol",
    seed: int = 1,
) -> list[list[Level]]:
    """Draw points of factors, whose distributions are theirs and whose correlation is that of a Gaussian copula.

    Parameters
    ----------
    factors : list of Factor
        What is varied.
    points : int
        How many points.
    correlation : mapping or matrix, optional
        Of the normal scores: ``{("learning.alpha", "learning.transfer"): 0.5}``. With a correlation r of the scores,
        the rank correlation of the values is 6/pi arcsin(r/2).
    design : str
        "sobol" (scrambled) or "latin_hypercube", by ``scipy.stats.qmc``.
    seed : int
        Of the scrambling.

    Returns
    -------
    list of list
        A row for each point, a value for each factor.

    Raises
    ------
    InputError
        A correlation that no numbers can have.

    Examples
    --------
    >>> import handover as ho
    >>> from handover import designs
    >>> from scipy import stats
    >>> alpha = ho.Factor("learning.alpha", distribution=stats.norm(0.3, 0.05))
    >>> rows = designs.spread([alpha, ho.Factor("learning.transfer", 0.02, 0.6)], 8, correlation=[[1, 0.5], [0.5, 1]])
    >>> len(rows), len(rows[0])
    (8, 2)
    """
    numpy, qmc = need("numpy", "scipy"), need("scipy.stats.qmc", "scipy")
    sampler = {"sobol": qmc.Sobol, "latin_hypercube": qmc.LatinHypercube}.get(design)
    if sampler is None:
        raise InputError(f"points of distributions are spread by sobol or latin_hypercube, not by {design!r}")
    share = sampler(len(factors), rng=seed).random(points)
    # the ends themselves are infinitely far out in most distributions
    share = numpy.clip(share, 2.0**-53, 1 - 2.0**-53)
    if correlation is not None:
        normal = need("scipy.stats", "scipy").norm
        try:
            root = numpy.linalg.cholesky(_matrix(factors, correlation))
        except numpy.linalg.LinAlgError as error:
            raise InputError("no numbers can be correlated like this: the matrix is not positive definite") from error
        share = numpy.clip(normal.cdf(normal.ppf(share) @ root.T), 2.0**-53, 1 - 2.0**-53)
    columns = [factor.at(share[:, n]) for n, factor in enumerate(factors)]
    return [list(row) for row in zip(*columns, strict=True)]


def _matrix(factors: Sequence[Factor], correlation: Correlation) -> NDArray[np.float64]:
    numpy = need("numpy", "scipy")
    labels = [factor.label for factor in factors]
    if not isinstance(correlation, Mapping):
        matrix: NDArray[np.float64] = numpy.asarray(correlation, dtype=float)
        if matrix.shape != (len(labels), len(labels)) or not numpy.array_equal(matrix, matrix.T):
            raise InputError(f"the correlation of {len(labels)} factors is a symmetric matrix of as many rows")
        if not numpy.array_equal(numpy.diag(matrix), numpy.ones(len(labels))):
            raise InputError("every factor is correlated by 1 with itself")
        return matrix
    matrix = numpy.eye(len(labels))
    for pair, number in correlation.items():
        unknown = [name for name in pair if name not in labels]
        if unknown or pair[0] == pair[1]:
            said = f"there is no factor {unknown[0]!r}" if unknown else f"{pair[0]!r} is correlated with itself"
            raise InputError(f"{said}; a pair names two of {', '.join(labels)}")
        one, other = labels.index(pair[0]), labels.index(pair[1])
        matrix[one, other] = matrix[other, one] = number
    return matrix


def _named(arms: Scenario | Sequence[Scenario] | Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Scenarios by the names of their arms."""
    if isinstance(arms, Mapping):
        return {name: scenario_in(one) for name, one in arms.items()}
    several = [scenario_in(one) for one in (arms if isinstance(arms, list | tuple) else [arms])]
    found = {one.name: one for one in several}
    if len(found) < len(several):
        raise InputError("two arms have one name; give names of your own: {'law as it is': ..., 'royalty': ...}")
    return found


def _listed(factors: Any) -> list[Factor]:
    """Factors: one, several, or keys with lists of values."""
    if isinstance(factors, Factor):
        return [factors]
    if isinstance(factors, Mapping):
        return [_of_values(key, values) for key, values in factors.items()]
    found = list(factors)
    others = [one for one in found if not isinstance(one, Factor)]
    if others:
        raise InputError(f"a factor is wanted, and this is {others[0]!r}: write Factor(key, low, high)")
    return found


def _of_values(key: str, values: Any) -> Factor:
    if isinstance(values, Factor):
        return values._replace(name=values.name or key)
    if hasattr(values, "ppf"):
        return Factor(key, distribution=values)
    # of numpy: an array
    several = values.tolist() if hasattr(values, "tolist") else values
    if isinstance(several, str) or not isinstance(several, Iterable):
        several = [several]
    return Factor(key, values=list(several))


def _lines(outputs: Any) -> dict[str, str]:
    """Outputs by their names."""
    if not isinstance(outputs, Mapping):
        outputs = {line: line for line in ([outputs] if isinstance(outputs, str) else outputs)}
    for line in outputs.values():
        if not isinstance(line, str):
            raise InputError(
                f'an output of a plan is a line such as "last(employed[IND])", and this is {line!r}; functions of the '
                "results are for Ensemble.outcomes and ema.model"
            )
    return dict(outputs)


def _written(
    arms: Mapping[str, Scenario],
    factors: Sequence[Factor],
    outputs: Mapping[str, str] | Iterable[str],
    *,
    path: Path,
    kind: str,
    points: int | None,
    rows: Sequence[Sequence[Level]] | None,
    levels: int | None,
    design_seed: int,
    about: Mapping[str, str | int],
) -> dict[Path, str]:
    """The text of a plan at a path, and those of its arms that are no files."""
    if kind not in _KINDS:
        raise InputError(f"there is no design {kind!r}; there is {', '.join(_KINDS)}")
    outputs = _lines(outputs)
    lines = ["[sweep]", *(f"{key} = {_quoted(v) if isinstance(v, str) else v}" for key, v in about.items() if v != "")]
    files: dict[Path, str] = {}
    for n, (name, scenario) in enumerate(arms.items(), 1):
        file, text, changes = _arm(scenario, n)
        if text is not None:
            files[file] = text
        # a plan names its scenarios by the way from its own folder
        way = os.path.relpath(file, path.parent).replace(os.sep, "/")
        lines += ["", "[[arm]]", f"name = {_quoted(name)}", f"scenario = {_quoted(way)}"]
        if changes:
            lines.append("set = { " + ", ".join(f"{_quoted(k)} = {_quoted(v)}" for k, v in changes.items()) + " }")
    lines += ["", "[design]", f"kind = {_quoted(kind)}", f"seed = {design_seed}"]
    if _KINDS[kind]:
        if points is None:
            raise InputError(f"the design {kind!r} needs points: say how many")
        lines.append(f"{_KINDS[kind]} = {points}")
    if levels is not None:
        lines.append(f"levels = {levels}")
    if rows is not None:
        lines += ["rows = [", *(f"  {_row(factors, n, row)}," for n, row in enumerate(rows)), "]"]
    for factor in factors:
        lines += ["", *factor._toml(is_listed=kind == "list")]
    for name, line in outputs.items():
        lines += ["", "[[output]]", f"name = {_quoted(name)}", f"value = {_quoted(line)}"]
    return {path: "\n".join(lines) + "\n", **files}


def _arm(scenario: Scenario, number: int) -> tuple[Path, str | None, dict[str, str]]:
    """Where the file of an arm is, its text if there is none, and what the arm sets."""
    file = scenario.path.absolute()
    # another name than any file's, and numbered, because two arms may have one name
    own = file.with_name(f"arm-{number}-{_NO_NAME.sub('-', scenario.name).strip('-').lower()}.toml")
    changes: dict[str, str] = {}
    for setting in scenario.settings:
        key, _, value = setting.partition("=")
        if key.strip() in changes and key.strip().endswith(".new"):
            # a table cannot say twice that a policy is new, so the whole scenario is the arm's
            return own, scenario.toml, {}
        # what is set last counts
        changes.pop(key.strip(), None)
        changes[key.strip()] = value.strip()
    lists = {key.removesuffix(".new") for key in changes if key.endswith(".new")}
    if any(key.split(".")[0] in lists and not key.endswith(".new") for key in changes):
        # a new policy, then a number of it: their order counts, and a table has none
        return own, scenario.toml, {}
    for key in ("run.seed", "run.replicate"):
        # those of the plan
        changes.pop(key, None)
    return (file, None, changes) if scenario.text is None else (own, scenario.text, changes)


def _row(factors: Sequence[Factor], number: int, row: Sequence[Level]) -> str:
    if len(row) != len(factors):
        raise InputError(f"row {number} has {len(row)} values, and there are {len(factors)} factors")
    return "[" + ", ".join(factor._level(value) for factor, value in zip(factors, row, strict=True)) + "]"
