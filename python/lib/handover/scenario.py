"""Scenarios: read, changed, checked, explained, compared."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from handover import _handover
from handover._errors import InputError
from handover._named import Handed, Named

#: A value of a setting: with its unit as in a file ("15 %", "2029-01"), or a plain number, word or list.
Value = str | float | bool | datetime.date | Sequence[Any] | Mapping[str, Any]


def _folder() -> Path:
    shipped = Path(__file__).parent / "scenarios"
    # of a package that is built where it lies
    return shipped if shipped.is_dir() else Path(__file__).parents[3] / "scenarios"


def _files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def scenarios() -> dict[str, Path]:
    """Shipped scenarios: name and file; `plans` are those of sweeps.

    Examples
    --------
    >>> import handover as ho
    >>> "royalty-15" in ho.scenarios(), "doubtful" in ho.plans()
    (True, True)
    """
    return _files(_folder())


def plans() -> dict[str, Path]:
    """Shipped plans of sweeps: name and file."""
    return _files(_folder() / "sweeps")


@contextmanager
def told_as(path: Path, name: str | None) -> Iterator[None]:
    """Problems of a text that has no file: they are said to be in it, and not in the file that it stands for."""
    try:
        yield
    except InputError as error:
        if name is None:
            raise
        problems = [one | {"file": name} if one["file"] == str(path) else one for one in error.problems]
        raise InputError(str(error).replace(str(path), name), json.dumps(problems)) from None


def scenario_in(given: Any) -> Scenario:
    """What was given, if it is a scenario; else what to write."""
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        raise InputError(f"a scenario is wanted, and {str(given)!r} is a name: write Scenario.load({str(given)!r})")
    raise InputError(f"a scenario is wanted, and this is a {type(given).__name__}: write Scenario.load(...)")


class Metric(NamedTuple):
    """What is measured: word, unit, does it add up over time, meaning.

    Examples
    --------
    >>> import handover as ho
    >>> [metric.is_flow for metric in ho.metrics() if metric.name == "royalties_received"]
    [True]
    """

    name: str
    unit: str
    is_flow: bool
    meaning: str


def metrics() -> list[Metric]:
    """Everything that is recorded.

    Examples
    --------
    >>> import handover as ho
    >>> [metric.unit for metric in ho.metrics() if metric.name == "unemployment_rate"]
    ['share']
    """
    return [Metric(*metric) for metric in _handover.metrics()[0]]


def levers() -> list[str]:
    """Names of the levers that a policy may set; ``Scenario.explain("law")`` says what they mean.

    Examples
    --------
    >>> import handover as ho
    >>> "royalty_rate" in ho.levers()
    True
    """
    return _handover.metrics()[1]


def _within(value: Value) -> str:
    """A value within a list or a table of TOML."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return _toml(value)


def _toml(value: Value) -> str:
    """A value as ``--set`` takes it."""
    if hasattr(value, "tolist"):
        # of numpy: a number or an array
        value = value.tolist()
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date):
        # a time of day, as pandas has it, is left out
        return json.dumps(value.strftime("%Y-%m-%d"))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_within(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_within(one) for one in value) + "]"
    return repr(value)


#: What a key of TOML has without quotes.
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def _quoted(key: str) -> str:
    """A key as ``--set`` takes it: ``capture.labs.CHN lab.home``, as `explain` says it, needs quotes there."""
    if '"' in key or "'" in key:
        return key
    return ".".join(part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False) for part in key.split("."))


class Explanation(NamedTuple):
    """What is known of a key.

    Examples
    --------
    >>> import handover as ho
    >>> about = ho.Scenario.load("baseline").explain("learning.alpha")[0]
    >>> about.written, about.range, about.grade
    ('0.34', '0.15 to 0.45', 'C')
    """

    key: str
    value: str
    written: str
    meaning: str
    kind: str
    file: str
    line: int
    range: str | None
    grade: str | None
    source: str | None
    is_card_of_another_value: bool
    used_by: list[str]


class Scenario(Named):
    """A scenario as read: a file, what it extends, and settings on top.

    Scenarios do not change: `with_` and `enact` return another one. They can be pickled.

    Examples
    --------
    >>> import handover as ho
    >>> royalty = ho.Scenario.load("royalty-15")
    >>> royalty.with_({"run.years": 3}, seed=7).seed
    7
    >>> royalty.question
    'Does a royalty make the filmed workers whole, and who is left out?'
    >>> royalty.start, royalty.changed, royalty.warnings, len(royalty.hash)
    (datetime.date(2027, 1, 1), ['policy'], [], 64)
    >>> royalty.parameters["learning"]["alpha"]
    0.34
    >>> royalty.outcome("last(unemployment_rate[USA])")
    ('share', 'unemployed per person of the labour force, USA, at the last record')
    >>> royalty.evidence.startswith(f"Of {sum(royalty.grades.values())} numbers ")
    True
    >>> royalty.with_({"run.yaers": 3})
    Traceback (most recent call last):
    handover._errors.InputError: error: there is no key "yaers" in [run]...
    """

    _kind = "scenario"
    _shipped = staticmethod(scenarios)

    def __init__(self, path: str | Path, settings: Iterable[str] = (), text: str | None = None) -> None:
        super().__init__(path, settings)
        self.text = text
        # a text that is no file is not said to be in one
        with told_as(self.path, "the text" if text is not None else None):
            self._raw: _handover.Scenario = _handover.Scenario.load(self.path, self.settings, text)
        self._facts = self._raw.facts()

    @classmethod
    def parse(cls, text: str, *settings: str, folder: str | Path | None = None) -> Scenario:
        """Read a scenario from a text.

        Parameters
        ----------
        text : str
            TOML, as in a file.
        *settings : str
            Changes as ``--set`` takes them.
        folder : path, optional
            Where the files are that it extends; the shipped ones if nothing is said.

        Examples
        --------
        >>> import handover as ho
        >>> mine = ho.Scenario.parse('''
        ... [scenario]
        ... name = "mine"
        ... extends = "baseline.toml"
        ... [[policy]]
        ... from = "2028-01"
        ... royalty_rate = "10 %"
        ... ''')
        >>> ho.Scenario.load("baseline").diff(mine)
        ['from January 2028, everywhere, 10 % of licence revenue goes to contributors (baseline: none)']
        """
        return cls((Path(folder) if folder else _folder()) / "scenario.toml", settings, text)

    def with_(
        self,
        changes: Mapping[str, Value] | None = None,
        *settings: str,
        seed: int | None = None,
        years: float | None = None,
        replicate: int | None = None,
    ) -> Scenario:
        """The same scenario with some values changed.

        Parameters
        ----------
        changes : mapping, optional
            Keys, as `explain` says them, and values, also of numpy; a value with a unit is a text, as in a file.
        *settings : str
            Changes as ``--set`` takes them.
        seed, years, replicate : optional
            Of the run.

        Raises
        ------
        InputError
            A key or a value does not fit, with what would.
        """
        more = [f"{_quoted(key)}={_toml(value)}" for key, value in (changes or {}).items()]
        run = {"seed": seed, "years": years, "replicate": replicate}
        more += [*settings, *(f"run.{key}={value}" for key, value in run.items() if value is not None)]
        return Scenario(self.path, (*self.settings, *more), self.text)

    def coarse(
        self, persons_per_agent: int = 200_000, *, years: float | None = None, spin_up: str = "26 weeks"
    ) -> Scenario:
        """The same scenario at a grain at which a run takes a second: for trying, not for results.

        Parameters
        ----------
        persons_per_agent : int
            People for whom one agent stands.
        years : float, optional
            Years to simulate.
        spin_up : str
            How long the economy settles in before the start.
        """
        changes: dict[str, Value] = {
            "run.persons_per_agent": f"{persons_per_agent} persons",
            "run.least_agents": 0,
            "run.spin_up": spin_up,
        }
        return self.with_(changes, years=years)

    def enact(
        self,
        from_: str | datetime.date,
        *,
        until: str | datetime.date | None = None,
        regions: Sequence[str] | None = None,
        occupations: Sequence[str] | None = None,
        phase_in: str | None = None,
        **levers: Value,
    ) -> Scenario:
        """The same scenario with one more dated policy.

        Parameters
        ----------
        from_ : str or date
            First day in force: ``"2029-01"``, ``"2029-01-15"``.
        until : str or date, optional
            First day no longer in force.
        regions, occupations : list of str, optional
            Where and for whom; everywhere and for all if nothing is said.
        phase_in : str, optional
            How long the change takes: ``"1 year"``.
        **levers
            What it sets: ``royalty_rate="15 %"``, ``data_rights="consent"``. See `levers`.
        """
        head = {"from": from_, "until": until, "regions": regions, "occupations": occupations, "phase_in": phase_in}
        policy = {key: value for key, value in head.items() if value is not None} | levers
        return self.with_(None, f"policy.new={_toml(policy)}")

    def diff(self, other: Scenario) -> list[str]:
        """How another scenario differs from this one, a sentence each."""
        return self._raw.diff(other._raw)

    def explain(self, key: str = "") -> list[Explanation]:
        """What is known of a key, or of every key below it.

        Parameters
        ----------
        key : str
            ``"learning.alpha"``, ``"law"``; everything if empty.

        Raises
        ------
        InputError
            There is no such key, with the nearest ones.
        """
        # with quotes or without, as a file or as the answer has it
        return [Explanation(**one) for one in json.loads(self._raw.explain_json(key.replace('"', "")))]

    @cached_property
    def grades(self) -> dict[str, int]:
        """How many of its numbers are of which grade of evidence.

        A: official statistics or refereed work. B: press, preprints, companies. C: estimates, assumptions.

        Examples
        --------
        >>> import handover as ho
        >>> list(ho.Scenario.load("baseline").grades)
        ['A', 'B', 'C']
        """
        return self._raw.grades()

    @property
    def evidence(self) -> str:
        """The same in a sentence: what stands below tables and figures."""
        a, b, c = (self.grades[grade] for grade in "ABC")
        return (
            f"Of {a + b + c} numbers {a} are of grade A (official statistics or refereed work), "
            f"{b} of grade B (press, preprints, companies) and {c} of grade C (estimates or assumptions)."
        )

    def outcome(self, text: str) -> tuple[str, str]:
        """Unit and meaning of an outcome; an `InputError` says what is wrong with it."""
        return self._raw.outcome(text)[1:]

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Every parameter as it was resolved, in the model's own units (weeks, persons, US dollars, shares)."""
        found: dict[str, Any] = json.loads(self._raw.parameters_json())
        return found

    question = Handed(str, "The question it asks.")
    hash = Handed(str, "Hash of what the scenario means: the same for files of equal meaning.")
    toml = Handed(str, "The whole scenario as one file that needs no other.")
    regions = Handed(list[str], "Names of the regions.")
    changed = Handed(list[str], "Keys that differ from the file at the bottom.")
    seed = Handed(int, "Seed of all random numbers.")
    replicate = Handed(int, "Number of the replicate.")
    start = Handed(datetime.date, "The first day.")

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """What is probably not meant, each with its place."""
        found: list[dict[str, Any]] = json.loads(self._raw.warnings_json())
        return found

    def __reduce__(self) -> tuple[type[Scenario], tuple[Any, ...]]:
        return Scenario, (self.path, self.settings, self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.hash == other.hash and self.name == other.name

    def __hash__(self) -> int:
        return hash((self.name, self.hash))

    def __repr__(self) -> str:
        return f"<scenario {self.name}: {self.title}>"


def check(name: str | Path, *settings: str) -> list[dict[str, Any]]:
    """Everything that is wrong with a scenario, or probably not meant, each with its place.

    Returns
    -------
    list of dict
        ``severity`` ("error" or "warning"), ``title``, ``label``, ``help``, ``meant``, ``file``, ``line``, ``column``;
        empty if all is well.

    Examples
    --------
    >>> import handover as ho
    >>> ho.check("baseline")
    []
    >>> ho.check("baseline", "learning.alfa=0.3")[0]["severity"]
    'error'
    """
    try:
        return Scenario.load(name, *settings).warnings
    except InputError as error:
        if not error.problems:
            raise
        return error.problems
