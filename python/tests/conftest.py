"""What the tests share: scenarios at a grain at which a run takes a moment, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import handover as ho
import pytest

#: Settings of a run that takes a moment.
TINY = ("run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks")


def _program() -> list[str]:
    """The program as cargo builds it, if it is there and of these sources; else the same command of the package."""
    given = os.environ.get("HANDOVER_BINARY")
    path = Path(given or Path(__file__).parents[2] / "target" / "release" / "handover")
    if path.is_file():
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        if ho.MODEL in said:
            return [str(path)]
        if given:
            raise ValueError(f"{given} is of another model than the package: build both of the same sources")
    return [sys.executable, "-m", "handover"]


PROGRAM = _program()


def tiny(name: str, years: float = 1) -> ho.Scenario:
    """A shipped scenario, tiny."""
    return ho.Scenario.load(name, *TINY).with_(years=years)


def command(*words: object) -> subprocess.CompletedProcess[str]:
    """The command line."""
    return subprocess.run([*PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)


def settings(scenario: ho.Scenario) -> list[str]:
    """What a scenario sets, as arguments of the command line."""
    return [word for setting in scenario.settings for word in ("--set", setting)]


@pytest.fixture(scope="session")
def run() -> ho.Results:
    """A run of two years."""
    return ho.run(tiny("royalty-15", years=3).with_({"run.panel": 500}))


@pytest.fixture
def cli() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line."""
    return command
