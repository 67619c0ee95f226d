"""Measures what docs/python.md says of speed; nothing here is a test.

    python tests/speed.py run path/to/handover       a run through Python against the command's, interleaved, five times
    python tests/speed.py panel [rows]               a panel into pandas and polars
    python tests/speed.py dask                       500 runs on two workers of Dask, one of them killed half-way

Times are those of the processor (user and system), which other work on the machine disturbs least.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import handover as ho

SETTINGS = ("run.persons_per_agent=20000 persons", "run.least_agents=0", "run.panel=0", "run.years=8")

THROUGH_PYTHON = """
import sys
import handover as ho
scenario = ho.Scenario.load("baseline", *sys.argv[2:])
results = ho.run(scenario, threads=1)
results.save(sys.argv[1])
print(results.state_hash)
"""


def processor(words: list[str]) -> tuple[float, str]:
    """Seconds of the processor that a process takes, and what it prints."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(words, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended.stdout


def overhead(program: str) -> None:
    """A run and its files through Python and by the command, in turns."""
    sets = [word for setting in SETTINGS for word in ("--set", setting)]
    taken: dict[str, list[float]] = {"command": [], "python": [], "import": []}
    with tempfile.TemporaryDirectory() as place:
        for n in range(5):
            folder = f"{place}/command{n}"
            words = [program, "run", "baseline", *sets, "--threads", "1", "--out", folder, "--quiet", "--json"]
            seconds, said = processor(words)
            taken["command"].append(seconds)
            words = [sys.executable, "-c", THROUGH_PYTHON, f"{place}/python{n}", *SETTINGS]
            seconds, known = processor(words)
            taken["python"].append(seconds)
            assert json.loads(said)["state_hash"] == known.strip()
            taken["import"].append(processor([sys.executable, "-c", "import handover"])[0])
    for name, several in taken.items():
        shown = ", ".join(f"{one:.2f}" for one in sorted(several))
        print(f"{name:8} median {statistics.median(several):.2f} s   {shown}")
    more = statistics.median(taken["python"]) / statistics.median(taken["command"]) - 1
    print(f"through Python {100 * more:+.1f} %")


def panel(rows: int) -> None:
    """A panel of about so many rows, from a run into pandas."""
    scenario = ho.Scenario.load("baseline", "run.persons_per_agent=10000 persons", "run.years=15")
    years, every = 15, 13
    table = ho.run(scenario.with_({"run.panel": round(rows / (years * 52 / every))})).panel
    print(f"{len(table)} rows of {len(table.columns)} columns")
    for name, convert in (("pandas", table.to_pandas), ("pandas, exact", table.exact.to_pandas)):
        took = []
        for _ in range(3 if name == "pandas" else 1):
            begun, of = time.perf_counter(), time.process_time()
            frame = convert()
            took.append((time.perf_counter() - begun, time.process_time() - of))
            assert len(frame) == len(table)
            del frame
        print(name, ", ".join(f"{wall:.2f} s ({cpu:.2f} s of processor)" for wall, cpu in took))
    begun, of = time.perf_counter(), time.process_time()
    table.exact.to_polars()
    print(f"polars, exact {time.perf_counter() - begun:.2f} s ({time.process_time() - of:.2f} s of processor)")


def dask() -> None:
    """500 runs on a cluster of two processes, one of which is killed half-way, against the command's table."""
    distributed: Any = import_module("dask.distributed")
    tiny = ("run.persons_per_agent=1000000 persons", "run.least_agents=0", "run.spin_up=4 weeks", "run.panel=0")
    world = ho.Scenario.load("baseline", *tiny).with_(years=1)
    asked = {"hours": "sum(accepted_hours[all])", "jobs": "mean(employed[IND])"}
    plan = ho.Plan.of(world, [ho.Factor("learning.alpha", 0.2, 0.5)], asked, points=250, replicates=2, name="killed")
    place = Path(tempfile.mkdtemp())
    killed: list[int] = []
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    begun = time.perf_counter()
    with cluster, distributed.Client(cluster) as client:

        def kill_one(done: int, *_: object) -> None:
            if done >= plan.runs // 2 and not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        result = ho.sweep(plan, place / "dask", client=client, progress=kill_one)
    print(f"{result.runs} runs, worker {killed[0]} killed at {plan.runs // 2}; {time.perf_counter() - begun:.0f} s")
    said = ho.command("sweep", plan.save(place / "plan"), "--out", place / "command", "--json", "--quiet").stdout
    known = json.loads(said)["sha256"]
    print(f"dask     {result.sha256}\ncommand  {known}")
    assert result.sha256 == known


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", program]:
            overhead(program)
        case ["panel", *rows]:
            panel(int(rows[0]) if rows else 2_200_000)
        case ["dask"]:
            dask()
        case _:
            sys.exit(__doc__)
