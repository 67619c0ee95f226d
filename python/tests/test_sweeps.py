"""A sweep gives the same table whoever simulates its runs."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import handover as ho
import pytest

from .conftest import TINY, command

PLAN = """
[sweep]
name = "tiny"
title = "Two levers on a tiny world"
replicates = 2
[[arm]]
name = "base"
scenario = "BASE"
[design]
kind = "grid"
[[factor]]
key = "learning.alpha"
values = ["0.3", "0.4", "0.5"]
[[output]]
name = "jobs"
value = "last(employed[IND])"
"""


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> ho.Plan:
    """A plan of six short runs."""
    folder = tmp_path_factory.mktemp("plan")
    for path in ho.scenarios().values():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "tiny.toml").write_text(PLAN.replace("BASE", "baseline.toml"))
    return ho.Plan.load(folder / "tiny.toml", *TINY, "run.years=1", "run.panel=0")


@pytest.fixture(scope="module")
def hash_of_the_command(plan: ho.Plan, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The hash of the table that the command line writes."""
    words = [word for setting in plan.settings for word in ("--set", setting)]
    ended = command("sweep", plan.path, *words, "--out", tmp_path_factory.mktemp("out") / "sweep", "--json", "--quiet")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)["sha256"]
    assert isinstance(found, str)
    return found


def test_threads_give_the_command_lines_table(plan: ho.Plan, hash_of_the_command: str, tmp_path: Path) -> None:
    result = ho.sweep(plan, tmp_path / "out")
    assert (result.done, result.runs) == (6, 6)
    assert result.sha256 == hash_of_the_command
    assert len(result.table) == 6
    assert "output: jobs" in result.table.columns
    assert result.table.fields[result.table.columns.index("factor: learning.alpha")].grade == "C"
    assert "6 of 6 runs, 2 a point and arm, seed 1" in result.table.notes
    assert result.table.to_markdown(["point"]).endswith(": learning.alpha (C).\n")
    assert pickle.loads(pickle.dumps(plan)).runs == plan.runs
    assert "output: jobs" in result._repr_html_()
    again = ho.scenario_of(plan, 3)
    value = ho.run(again).outcome("last(employed[IND])")
    row = result.table.to_pandas().iloc[3]
    assert row["output: jobs"] == value
    assert row["replicate"] == again.replicate


def test_processes_give_it_too_and_a_part_is_gone_on_with(
    plan: ho.Plan, hash_of_the_command: str, tmp_path: Path
) -> None:
    plan._raw.live(tmp_path / "out", 4)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert ho.sweep(plan, tmp_path / "out", executor=pool).sha256 == hash_of_the_command
    with pytest.raises(ho.InputError, match="holds the sweep|not a sweep|another"):
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "manifest.json").write_text("{}")
        ho.sweep(plan, tmp_path / "other")


def test_a_killed_worker_of_dask_changes_nothing(plan: ho.Plan, hash_of_the_command: str, tmp_path: Path) -> None:
    distributed = pytest.importorskip("dask.distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        killed: list[int] = []

        def kill_one(done: int, *_: object) -> None:
            if done == 2 and not killed:
                pids = client.run(os.getpid)
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        result = ho.sweep(plan, tmp_path / "out", client=client, progress=kill_one)
    assert killed
    assert result.sha256 == hash_of_the_command


def test_a_plan_that_is_wrong_says_where(plan: ho.Plan) -> None:
    path = plan.path.with_name("wrong.toml")
    path.write_text(plan.path.read_text().replace("learning.alpha", "learning.alfa"))
    with pytest.raises(ho.InputError, match="learning.alpha") as caught:
        ho.Plan.load(path)
    assert caught.value.problems[0]["file"] == str(path)
    assert {"doubtful"} <= set(ho.plans())
    with pytest.raises(ho.InputError, match="no shipped plan"):
        ho.Plan.load("doubtfull")


def test_a_killed_process_leaves_what_was_done(plan: ho.Plan, hash_of_the_command: str, tmp_path: Path) -> None:
    (tmp_path / "plan.pickle").write_bytes(pickle.dumps(plan))
    words = "import pickle, sys, handover as ho; ho.sweep(pickle.load(open(sys.argv[1], 'rb')), sys.argv[2], threads=1)"
    process = subprocess.Popen([sys.executable, "-c", words, tmp_path / "plan.pickle", tmp_path / "out"])
    deadline = time.monotonic() + 60
    while process.poll() is None and not list((tmp_path / "out").rglob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert ho.sweep(plan, tmp_path / "out").sha256 == hash_of_the_command


def test_a_table_too_small_for_indices_and_boxes_says_so(plan: ho.Plan, tmp_path: Path) -> None:
    result = ho.sweep(plan, tmp_path / "out")
    with pytest.raises(ho.InputError, match="too few on one side"):
        ho.discover(result.folder, "jobs highest 34 %")
    with pytest.raises(ho.InputError, match="design"):
        ho.sensitivity(result.folder)


def test_a_calibration_is_the_commands(tmp_path: Path) -> None:
    targets = Path(__file__).parents[2] / "tests" / "calibration" / "alpha.toml"
    found = ho.calibrate(targets, budget=30, population=15, seed=3, out=tmp_path / "python")
    words = [targets, "--budget", 30, "--population", 15, "--seed", 3]
    ended = command("calibrate", *words, "--out", tmp_path / "command", "--quiet")
    assert ended.returncode in (0, 75), ended.stderr
    for name in ("factors.csv", "targets.csv", "runs.parquet"):
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name
    assert len(found.tables["runs"]) == 30


def test_a_scorecard_is_the_commands(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    fact = ho.scenarios()["baseline"].parent / "history" / "us-recession.toml"
    text = fact.read_text().replace("../baseline.toml", "baseline.toml")
    (tmp_path / "facts" / "fact.toml").write_text(text)
    found = ho.validate(tmp_path / "facts", settings=TINY, replicates=2, out=tmp_path / "python")
    words = [tmp_path / "facts", *(word for one in TINY for word in ("--set", one)), "--replicates", 2]
    ended = command("validate", *words, "--out", tmp_path / "command", "--quiet")
    assert ended.returncode in (0, 75), ended.stderr
    for name in ("validation.csv", "validation.html"):
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes(), name
    assert len(found.tables["validation"]) > 0


def test_a_search_is_the_commands() -> None:
    scenario = ho.Scenario.load("royalty-15", *TINY, "run.years=3", "run.panel=0")
    found = ho.solve(
        scenario, "robot_tax", ("0 %", "50 %"), "last(employed[USA]) >= 1 persons", from_="2027-01", replicates=2
    )
    assert found.answer
    assert found.tables
    with pytest.raises(ho.InputError, match="robot_taxx"):
        ho.solve(scenario, "robot_taxx", ("0 %", "50 %"), "last(employed[USA]) >= 1 persons", from_="2027-01")
