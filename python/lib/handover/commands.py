"""Experiments that the command runs: searches, calibrations, scorecards, indices of sensitivity.

They run ``handover`` in a process of its own, with the library of this package, and read back what it wrote.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from handover._errors import Bug, DiskError, HandoverError, InputError
from handover.scenario import Scenario, Value, _folder, _toml, scenario_in
from handover.table import Table, read_table

#: Exit codes of the command.
_FINE, _INPUT, _DISK, _PARTIAL, _INTERRUPTED = 0, 2, 74, 75, 130


class Report:
    """What an experiment wrote.

    Attributes
    ----------
    folder : Path
        The result's files.
    answer : dict
        What the command prints with ``--json``.
    is_partial : bool
        Did it end with a partial result: nothing in the range reaches the target, a hit has become a miss?
    words : str
        What the command said beside it.

    Examples
    --------
    >>> import handover as ho
    >>> scenario = ho.Scenario.load("royalty-15").coarse(1_000_000, years=3, spin_up="4 weeks")
    >>> found = ho.solve(
    ...     scenario, "robot_tax", (0, 0.5), "last(employed[USA]) >= 1 persons", from_="2027-01", replicates=2
    ... )
    >>> found.tables["points"].columns[0]
    'lever'
    >>> "points.csv" in found.files
    True
    """

    def __init__(self, folder: Path, answer: dict[str, Any], words: str, *, is_partial: bool) -> None:
        self.folder = folder
        self.answer = answer
        self.words = words
        self.is_partial = is_partial

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Tables by the names of their files, without the ending; columns of Arrow before text."""
        found: dict[str, Table] = {}
        for ending in ("csv", "parquet"):
            found |= {path.stem: read_table(path) for path in sorted(self.folder.glob(f"*.{ending}"))}
        return found

    @property
    def files(self) -> list[str]:
        """Names of the files."""
        return [str(path.relative_to(self.folder)) for path in sorted(self.folder.rglob("*")) if path.is_file()]

    def report(self) -> str:
        """The page of the result, as HTML that needs no network."""
        pages = sorted(self.folder.glob("*.html"))
        if not pages:
            raise InputError(f"{self.folder} holds no page")
        return pages[0].read_text()

    def __repr__(self) -> str:
        return f"<result in {self.folder}: {', '.join(self.tables)}>"

    def _repr_html_(self) -> str:
        pictures = sorted(self.folder.rglob("*.svg"))
        drawn = pictures[0].read_text() if pictures else ""
        return f"<pre>{escape(json.dumps(self.answer, indent=1)[:4000])}</pre>{drawn}"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command ``handover`` with these arguments.

    Raises
    ------
    InputError, Bug, DiskError, KeyboardInterrupt
        As the command ended, with what it said.

    Examples
    --------
    >>> import handover as ho
    >>> ho.command("--version").stdout.split()[0]
    'handover'
    """
    words = [sys.executable, "-m", "handover", *map(str, arguments)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    if ended.returncode in (_FINE, _PARTIAL):
        return ended
    said = ended.stderr.strip()
    if ended.returncode == _INTERRUPTED:
        raise KeyboardInterrupt(said)
    kinds: dict[int, type[HandoverError]] = {_INPUT: InputError, _DISK: DiskError}
    raise kinds.get(ended.returncode, Bug)(said)


@contextmanager
def _written(scenario: Scenario) -> Iterator[list[str | Path]]:
    """A scenario as arguments of the command."""
    if scenario_in(scenario).text is None:
        yield [scenario.path, *_settings(scenario.settings)]
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{scenario.name}.toml"
            path.write_text(scenario.toml)
            yield [path]


def _settings(settings: Sequence[str]) -> list[str | Path]:
    return [word for setting in settings for word in ("--set", setting)]


def _options(options: Mapping[str, Value | Path | None]) -> list[str | Path]:
    words: list[str | Path] = []
    for name, value in options.items():
        option = f"--{name.replace('_', '-').strip('-')}"
        if value is True:
            words.append(option)
        elif isinstance(value, Path):
            words += [option, value]
        elif value is not None and value is not False:
            words += [option, _toml(value)]
    return words


def _report(words: list[str | Path], out: str | Path | None, *, force: bool = False, inside: str = "") -> Report:
    # a result that nobody wants to keep stays as long as the machine's temporary files do
    folder = Path(out) if out else Path(tempfile.mkdtemp(prefix="handover-")) / "result"
    place: list[str | Path] = [] if inside else ["--out", folder]
    ended = command(*words, "--json", *place, *(["--force"] if force else []))
    answer = json.loads(ended.stdout) if ended.stdout.strip() else {}
    return Report(folder / inside, answer, ended.stderr.strip(), is_partial=ended.returncode == _PARTIAL)


def solve(
    scenario: Scenario,
    lever: str,
    between: tuple[Value, Value],
    target: str,
    *,
    from_: str | None = None,
    until: str | None = None,
    regions: Sequence[str] = (),
    replicates: int = 8,
    out: str | Path | None = None,
    force: bool = False,
) -> Report:
    """Find the value of a lever at which an outcome reaches its target.

    Parameters
    ----------
    scenario : Scenario
        Where it is turned.
    lever : str
        A key as ``--set`` takes it, or with `from_` a lever of the law.
    between : tuple
        Lowest and highest value, with their unit.
    target : str
        ``"headline(compensation_filmed) >= 1"``: what is to hold of the mean over the replicates.
    from_, until, regions : optional
        When and where the lever is in force, as a policy of its own.
    replicates : int
        At every value of the lever.
    out : path, optional
        Folder of the result; a temporary one if nothing is said.
    force : bool
        Replace an earlier result.
    """
    where = ",".join(regions) or None
    options = _options({"target": target, "from": from_, "until": until, "regions": where, "replicates": replicates})
    with _written(scenario) as words:
        ends = ["--between", *map(_toml, between)]
        return _report(["solve", *words, "--lever", lever, *ends, *options], out, force=force)


def calibrate(
    targets: str | Path,
    *settings: str,
    budget: int | None = None,
    population: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
) -> Report:
    """Find which values of the doubtful numbers fit what is known of the world.

    Parameters
    ----------
    targets : path
        The file of targets and factors.
    *settings : str
        Changes of the scenario for all runs.
    budget, population, seed : int, optional
        As for the command.
    out : path, optional
        Folder of the result; runs are kept in ``<out>.runs`` and not repeated.
    force : bool
        Replace an earlier result.

    Examples
    --------
    >>> import handover as ho
    >>> import tempfile
    >>> from pathlib import Path
    >>> targets = Path(tempfile.mkdtemp()) / "targets.toml"
    >>> _ = targets.write_text('''
    ... [calibration]
    ... name = "alpha"
    ... scenario = "baseline.toml"
    ... budget = 20
    ... population = 10
    ... [set]
    ... "run.persons_per_agent" = "1000000 persons"
    ... "run.least_agents" = 0
    ... "run.spin_up" = "4 weeks"
    ... "run.years" = 1
    ... "run.record_every" = "13 weeks"
    ... [[factor]]
    ... key = "learning.alpha"
    ... low = 0.15
    ... high = 0.45
    ... [[target]]
    ... name = "capability in handling"
    ... outcome = "last(capability[USA, handling])"
    ... value = 0.9
    ... tolerance = 0.01
    ... source = "made up for the example"
    ... ''')
    >>> found = ho.calibrate(targets, out=targets.parent / "result")
    >>> found.tables["factors"].columns[:2], len(found.tables["runs"])
    (['key', 'unit'], 20)
    """
    options = _options({"budget": budget, "population": population, "seed": seed})
    return _report(["calibrate", targets, *_settings(settings), *options], out, force=force)


def validate(
    *evidence: str | Path,
    settings: Sequence[str] = (),
    quick: bool = False,
    replicates: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
) -> Report:
    """Say which facts of the world the model reproduces, and which not.

    Parameters
    ----------
    *evidence : path
        Folders of facts; the shipped ones if nothing is said.
    settings : list of str
        Changes in all worlds.
    quick : bool
        Coarse, with few replicates.
    replicates : int, optional
        Of each experiment.
    out : path, optional
        Folder of the result; a temporary one if nothing is said.
    force : bool
        Replace an earlier result.

    Examples
    --------
    One fact, in a world that is too coarse for it:

    >>> import handover as ho
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> fact = ho.scenarios()["baseline"].parent / "history" / "us-recession.toml"
    >>> _ = (folder / "fact.toml").write_text(fact.read_text().replace("../baseline", "baseline"))
    >>> coarse = ["run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks"]
    >>> card = ho.validate(folder, settings=coarse, replicates=2)
    >>> list(card.tables), card.report()[:15]
    (['history', 'validation'], '<!DOCTYPE html>')
    """
    folders = evidence or (_folder() / "evidence", _folder() / "history")
    options = _options({"quick": quick, "replicates": replicates})
    return _report(["validate", *folders, *_settings(settings), *options], out, force=force)


def sensitivity(folder: str | Path, *, bootstrap: int = 1000, salib: str | Path | None = None) -> Report:
    """Say on what the answer of a sweep depends.

    Parameters
    ----------
    folder : path
        Of a sweep whose design is "saltelli" or "morris".
    bootstrap : int
        Resamples of the points for intervals.
    salib : path, optional
        Write ``problem.json``, ``X.csv`` and ``Y.csv``, as SALib reads them, into this folder.
    """
    options = _options({"bootstrap": bootstrap, "export-salib": Path(salib) if salib else None})
    return _report(["sensitivity", folder, *options], folder, inside="report")


def discover(
    folder: str | Path,
    where: str,
    *,
    arm: str | None = None,
    against: str | None = None,
    boxes: int = 3,
    partial: bool = False,
) -> Report:
    """Say in which boxes of the factors of a sweep an event happens (scenario discovery, PRIM).

    Parameters
    ----------
    folder : path
        Of a sweep.
    where : str
        ``"OUTPUT < NUMBER"``, ``"OUTPUT highest 20 %"``: what is looked for.
    arm, against : str, optional
        The arm that is looked at, and the one from which it is taken off.
    boxes : int
        Boxes at most.
    partial : bool
        Search what there is where runs are missing.
    """
    options = _options({"where": where, "arm": arm, "against": against, "boxes": boxes, "allow-partial": partial})
    return _report(["discover", folder, *options], folder, inside="discover")
