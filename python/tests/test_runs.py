"""A run through Python is the run of the command line, to the bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import handover as ho
import pytest

from .conftest import TINY, command, settings, tiny


@pytest.mark.parametrize("name", list(ho.scenarios()))
def test_the_state_hash_is_the_command_lines(name: str, tmp_path: Path) -> None:
    scenario = ho.Scenario.load(name, *TINY, "run.panel=0")
    ended = command("run", scenario.path, *settings(scenario), "--out", tmp_path / "out", "--json", "--quiet")
    assert ended.returncode == 0, ended.stderr
    assert ho.run(scenario).state_hash == json.loads(ended.stdout)["state_hash"]


def test_threads_and_replicates_change_no_bit(run: ho.Results) -> None:
    assert ho.run(run.scenario, threads=1).state_hash == run.state_hash
    ensemble = ho.ensemble(run.scenario, 3, threads=2)
    assert [one.scenario.replicate for one in ensemble] == [0, 1, 2]
    assert ensemble[0].state_hash == run.state_hash
    assert len({one.state_hash for one in ensemble}) == 3
    assert ensemble[1].state_hash == ho.run(ensemble[1].scenario).state_hash


def test_money_comes_from_nowhere_never(run: ho.Results) -> None:
    assert run.money_discrepancy == 0
    assert run.money_moved > 10**12


def test_a_saved_result_is_the_command_lines(tmp_path: Path) -> None:
    scenario = tiny("royalty-15", years=3).with_({"run.panel": 0})
    ho.run(scenario).save(tmp_path / "python")
    ended = command("run", scenario.path, *settings(scenario), "--out", tmp_path / "command", "--quiet")
    assert ended.returncode == 0, ended.stderr
    names = sorted(
        path.relative_to(tmp_path / "command") for path in (tmp_path / "command").rglob("*") if path.is_file()
    )
    assert "series.parquet" in map(str, names)
    for name in names:
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name
    with pytest.raises(ho.InputError, match="holds a result already"):
        ho.run(scenario).save(tmp_path / "python")


def _same(one: Path, other: Path) -> list[str]:
    """Every file of a folder is to the byte in another, and nothing else is there."""
    files = [
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()) for folder in (one, other)
    ]
    assert files[0] == files[1]
    for name in files[0]:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    return [str(name) for name in files[0]]


def test_a_saved_panel_is_the_command_lines(tmp_path: Path) -> None:
    scenario = tiny("royalty-15", years=3).with_({"run.panel": 100})
    ho.run(scenario).save(tmp_path / "python", panel=True)
    ended = command("run", scenario.path, *settings(scenario), "--out", tmp_path / "command", "--quiet")
    assert ended.returncode == 0, ended.stderr
    assert "panel.parquet" in _same(tmp_path / "python", tmp_path / "command")


def test_a_saved_ensemble_is_the_command_lines(tmp_path: Path) -> None:
    scenario = tiny("royalty-15", years=3).with_(replicate=4)
    ensemble = ho.ensemble(scenario, 2)
    ensemble.save(tmp_path / "python")
    words = [scenario.path, *settings(scenario), "--replicates", 2]
    ended = command("run", *words, "--out", tmp_path / "command", "--quiet")
    assert ended.returncode == 0, ended.stderr
    names = _same(tmp_path / "python", tmp_path / "command")
    assert {"bands.parquet", "report.html", "replicates/05/series.parquet"} <= set(names)
    bands = ho.read_table(tmp_path / "python" / "bands.parquet").to_pandas()
    assert list(bands["mean"]) == list(ensemble.bands.to_pandas()["mean"])
    with pytest.raises(ho.InputError, match="holds a result"):
        ensemble.save(tmp_path / "python")
    governed = ho.ensemble(scenario, 2, rule=lambda simulation: simulation.set(robot_tax="10 %"))
    with pytest.raises(ho.InputError, match="one by one"):
        governed.save(tmp_path / "governed")


def test_a_result_that_is_not_the_commands_is_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = ho.run(tiny("baseline"))
    monkeypatch.setattr(ho.Results, "state_hash", "another")
    with pytest.raises(ho.Bug, match="another state"):
        results.save(tmp_path / "out", panel=True)


def test_outcomes_are_lines_and_functions(run: ho.Results) -> None:
    line = "(last(employed[IND]) + last(unemployed[IND])) / last(employed[IND])"
    employed, unemployed = (run.history(metric, "IND")[-1][1] for metric in ("employed", "unemployed"))
    assert run.outcome(line) == pytest.approx((employed + unemployed) / employed, rel=1e-15)
    row = run.outcomes({"line": line, "mine": lambda run: run.history("employed", "USA")[0][1]})
    assert row == {
        "scenario": "royalty-15",
        "replicate": 0,
        "seed": run.scenario.seed,
        "line": run.outcome(line),
        "mine": run.history("employed", "USA")[0][1],
    }
    with pytest.raises(ho.InputError, match="did you mean"):
        run.outcome("last(unemployment[USA])")
    with pytest.raises(ho.InputError, match="there is no region"):
        run.history("employed", "ATLANTIS")


def test_an_outcome_of_arms_is_a_difference(run: ho.Results) -> None:
    base = ho.run(tiny("baseline", years=3))
    both = {"base": base, "royalty": run}
    line = "last(employed[IND])"
    values = [one.outcome(line) for one in (run, base)]
    found = ho.outcome_of_arms("of(royalty, last(employed[IND])) - last(employed[IND])", both)
    assert found is not None
    assert None not in values
    assert found == pytest.approx(values[0] - values[1])  # type: ignore[operator]


def test_a_comparison_has_the_command_lines_tables(tmp_path: Path) -> None:
    base, reform = tiny("baseline", years=3), tiny("royalty-15", years=3)
    comparison = ho.compare(base, reform, replicates=2, under=["run.seed=9"])
    comparison.save(tmp_path / "python")
    words = [base.path, reform.path, "--replicates", 2, "--under", "run.seed=9", *settings(base)]
    ended = command("compare", *words, "--out", tmp_path / "command", "--quiet")
    assert ended.returncode == 0, ended.stderr
    for name in ("headlines.csv", "lives.csv", "regret.csv", "effects.parquet", "report.html"):
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name
    assert len(comparison.headlines) > 5
    assert comparison.answers["royalty-15"]
    with pytest.raises(ho.InputError, match="are called"):
        ho.compare(base, reform, reform)


def test_a_life_is_told() -> None:
    lives = ho.follow(tiny("baseline"), "IND/assembler/1")
    assert "assembler" in str(lives)
    assert lives.lives[0]["worker"] == "IND/assembler/1"
    with pytest.raises(ho.InputError, match="nobody"):
        ho.follow(tiny("baseline"), "a courier in USA who is rich")


def test_progress_is_told_and_what_it_raises_stops_the_run() -> None:
    seen: list[tuple[int, int]] = []
    ho.run(tiny("baseline"), progress=lambda done, steps, _: seen.append((done, steps)))
    assert seen[-1][0] == seen[-1][1]

    seen.clear()
    ensemble = ho.ensemble(
        tiny("baseline"), 3, rule=lambda _: None, progress=lambda done, steps, _: seen.append((done, steps))
    )
    assert len(ensemble) == 3
    assert seen[-1] == (3 * 52, 3 * 52)

    class Enough(Exception):
        pass

    def stop(*_: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        ho.run(tiny("baseline", years=20), progress=stop)

    def rule(simulation: ho.Simulation) -> None:
        asked.append(simulation.date)
        if simulation.scenario.replicate == 0:
            raise Enough

    asked: list[object] = []
    with pytest.raises(Enough):
        ho.ensemble(tiny("baseline", years=30), 40, rule=rule, every="4 weeks", threads=2)
    # the others are not run to their end
    assert len(asked) < 40


#: What is stopped by Ctrl-C, each far longer than a test may take.
LONG = {
    "run": "ho.run(world)",
    "ensemble": "ho.ensemble(world, 50)",
    "governed ensemble": "ho.ensemble(world, 50, rule=lambda simulation: None)",
    "comparison": "ho.compare(world, world.with_(None, 'scenario.name=other', 'learning.alpha=0.4'), replicates=50)",
    "simulation": "ho.Simulation(world).finish()",
    "life": "ho.follow(world, 'IND/assembler/1')",
    "sweep": "ho.sweep(plan, folder)",
    "sweep in processes": "with ProcessPoolExecutor(1) as pool: ho.sweep(plan, folder, executor=pool)",
    "search": "ho.solve(world, 'law.robot_tax', (0, 0.5), 'last(employed[USA]) >= 1 persons', replicates=50)",
}


def test_progress_is_a_bar_of_tqdm(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("tqdm")
    ho.run(tiny("baseline"), progress=True)
    assert "56/56" in capsys.readouterr().err
    plan = ho.Plan.of(tiny("baseline"), {"learning.alpha": [0.3, 0.4]}, ["last(employed[IND])"], design="grid")
    ho.sweep(plan, tmp_path / "out", progress=True)
    said = capsys.readouterr().err
    assert "2/2" in said
    assert "run/s" in said


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of Unix")
@pytest.mark.parametrize("what", LONG)
def test_ctrl_c_stops_what_runs(what: str, tmp_path: Path) -> None:
    # a shell starts what it puts in the background with Ctrl-C ignored, and a child inherits that
    words = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from concurrent.futures import ProcessPoolExecutor
import handover as ho
folder = {str(tmp_path / "out")!r}
world = ho.Scenario.load("baseline", "run.years={8 if "processes" in what else 40}", "run.panel=0")
plan = ho.Plan.of(world, [ho.Factor("learning.alpha", 0.3, 0.4)], {{"jobs": "last(employed[IND])"}}, points=64)
print("go", flush=True)
{LONG[what]}
"""
    # as a terminal does, and Jupyter, to all processes of a group
    process = subprocess.Popen(
        [sys.executable, "-c", words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    time.sleep(1.5)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    begun = time.monotonic()
    try:
        _, said = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert "KeyboardInterrupt" in said
    assert process.returncode not in (0, None)
    # a process of a pool ends the run that it has begun
    if what != "sweep in processes":
        assert time.monotonic() - begun < 6


def test_a_notebook_sees_the_answer_and_a_chart(run: ho.Results) -> None:
    page = run._repr_html_()
    assert "<svg" in page
    assert "seed" in page
    assert "scenario" in run.series._repr_html_()
    pytest.importorskip("matplotlib").use("Agg")
    page = ho.ensemble(run.scenario.with_({"run.panel": 0}), 2)._repr_html_()
    assert "2 replicates" in page
    assert "<svg" in page
    assert "absorbed" in page


def test_the_command_is_there() -> None:
    ended = ho.command("diff", ho.scenarios()["baseline"], ho.scenarios()["royalty-15"])
    assert "royalty" in ended.stdout
    with pytest.raises(ho.InputError, match="no-such"):
        ho.command("run", "no-such.toml")
    assert len(TINY) == 3
