"""Base and reforms with common random numbers, and one person's life in both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from handover import _handover
from handover._errors import InputError
from handover._extra import Progress, told
from handover.runs import _svg
from handover.scenario import Scenario, scenario_in
from handover.table import Table


class Comparison:
    """What reforms did, to whom, and how sure that is.

    Tables have a row a number, with base, reform, difference, the 95 % interval of the difference (Student's t over
    paired replicates) and in how many replicates it is known.

    Attributes
    ----------
    base : Scenario
        The base.
    answers : dict
        The answer in sentences, by reform.

    Examples
    --------
    >>> import handover as ho
    >>> worlds = [ho.Scenario.load(name).coarse(years=3) for name in ("baseline", "royalty-15")]
    >>> comparison = ho.compare(*worlds, replicates=2, under=["learning.alpha=0.4"])
    >>> list(comparison.answers)
    ['royalty-15']
    >>> comparison.effects.columns[-4:-1]
    ['difference', 'low', 'high']
    >>> [comparison.gains.name, comparison.lives.name, comparison.money.name, comparison.receipt.name]
    ['gains', 'lives', 'money', 'receipt']
    >>> len(comparison.tipping) > 0, len(comparison.regret) > 0
    (True, True)
    >>> comparison.notes[:56]
    'Against baseline: 2 replicates on common random numbers,'
    >>> "royalty-15" in comparison.summary()
    True
    >>> comparison.report()[:15]
    '<!DOCTYPE html>'

    The files are those of ``handover compare``.

    >>> import tempfile
    >>> comparison.save(tempfile.mkdtemp() + "/compared")
    >>> "headlines.csv" in comparison.files
    True
    """

    def __init__(
        self,
        base: Scenario,
        told_of: tuple[_handover.Folder, _handover.Table, str, list[tuple[str, list[str]]], str],
    ) -> None:
        self.base = base
        self._files, self._effects, self._summary, answers, self._replicates = told_of
        self.answers = dict(answers)

    @property
    def notes(self) -> str:
        """What stands below a table or a figure: base, replicates, seed, grades of evidence."""
        return (
            f"Against {self.base.name}: {self._replicates} on common random numbers, seed {self.base.seed}. "
            f"Conditional on the scenarios' numbers. {self.base.evidence}"
        )

    def _table(self, name: str) -> Table:
        return Table(self._files.table(f"{name}.csv"), name, self.notes)

    @cached_property
    def headlines(self) -> Table:
        """What is said first: income, taxes, displacement, royalties."""
        return self._table("headlines")

    @cached_property
    def gains(self) -> Table:
        """Who gained, who lost, who was paid."""
        return self._table("gains")

    @cached_property
    def lives(self) -> Table:
        """Income by group of people: region, occupation, fate; winners and losers."""
        return self._table("lives")

    @cached_property
    def money(self) -> Table:
        """Payments by kind, payer and payee."""
        return self._table("money")

    @cached_property
    def receipt(self) -> Table:
        """Whose hours took whose jobs."""
        return self._table("receipt")

    @cached_property
    def tipping(self) -> Table:
        """Months until robots do much of the work."""
        return self._table("tipping")

    @cached_property
    def regret(self) -> Table:
        """Regret of each policy in each state of the world."""
        return self._table("regret")

    @cached_property
    def effects(self) -> Table:
        """Every recorded value: base, reform, difference, interval."""
        return Table(self._effects, "effects", self.notes)

    @property
    def files(self) -> list[str]:
        """Names of the files that `save` writes."""
        return self._files.names()

    def summary(self) -> str:
        """What the command line says at the end."""
        return self._summary

    def report(self) -> str:
        """The page of the comparison, as HTML that needs no network."""
        return self._files.read("report.html").decode()

    def save(self, folder: str | Path, *, force: bool = False) -> None:
        """Write the result as the command line does: whole, or not at all."""
        self._files.save(folder, force)

    def __repr__(self) -> str:
        return f"<comparison with {self.base.name}: {', '.join(self.answers)}; {self._replicates}>"

    def _repr_html_(self) -> str:
        said = "".join(
            f"<h4>{escape(name)}</h4><ul>" + "".join(f"<li>{escape(one)}</li>" for one in sentences) + "</ul>"
            for name, sentences in self.answers.items()
        )
        return f"{said}<p>{escape(self.notes)}</p>{_svg(self._files)}"


def compare(
    base: Scenario,
    *reforms: Scenario,
    replicates: int = 10,
    under: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress = None,
) -> Comparison:
    """Say what policies did, to whom, and how sure that is.

    Parameters
    ----------
    base : Scenario
        The world without the reform.
    *reforms : Scenario
        One or several, each with a name of its own.
    replicates : int
        Each is simulated once in every world, with the same random numbers.
    under : list of str
        Other states of the world for the table of regret, as ``--set`` takes them.
    threads, progress : optional
        As for `run`.

    Raises
    ------
    InputError
        The worlds cannot be compared; with why.

    Examples
    --------
    >>> import handover as ho
    >>> worlds = [ho.Scenario.load(name).coarse(years=3) for name in ("baseline", "royalty-15")]
    >>> comparison = ho.compare(*worlds, replicates=2)
    >>> "difference" in comparison.headlines.columns
    True
    """
    for one in (base, *reforms):
        scenario_in(one)
    if not reforms:
        raise InputError("name at least one reform to compare with the base")
    if replicates < 1:
        raise InputError(f"a comparison has at least one replicate, and {replicates} are asked for")
    states = [
        (setting, base.with_(None, setting)._raw, [one.with_(None, setting)._raw for one in reforms])
        for setting in under
    ]
    with told(progress) as tell:
        found = _handover.compare(base._raw, [one._raw for one in reforms], states, replicates, threads, tell)
    return Comparison(base, found)


class Lives:
    """One worker's life, in one or two scenarios.

    Attributes
    ----------
    lives : list of dict
        What happened, year by year; see ``handover follow --json``.

    Examples
    --------
    >>> import handover as ho
    >>> life = ho.follow(ho.Scenario.load("baseline").coarse(years=1), "IND/assembler/1")
    >>> life.lives[0]["worker"]
    'IND/assembler/1'
    """

    def __init__(self, lives: list[dict[str, Any]], words: str) -> None:
        self.lives = lives
        self._words = words

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return self._words

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self._words)}</pre>"


def follow(
    scenario: Scenario,
    worker: str,
    *,
    against: Scenario | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Lives:
    """Tell one worker's life by running the scenario again.

    Parameters
    ----------
    scenario : Scenario
        Where.
    worker : str
        A name such as "IND/assembler/10427", or a wish such as "a courier in USA who is displaced".
    against : Scenario, optional
        Another scenario: the same person's life there, beside the first.
    threads, progress : optional
        As for `run`.
    """
    scenario_in(scenario)
    with told(progress) as tell:
        lives, words = _handover.follow(scenario._raw, worker, against._raw if against else None, threads, tell)
    return Lives(json.loads(lives), words)
