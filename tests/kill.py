#!/usr/bin/env python3
"""Kills a run at every call that changes something on the disk, resumes it, and compares.

    python3 tests/kill.py target/release/handover           # every call: a quarter of an hour
    python3 tests/kill.py target/release/handover --short   # one in so many: under two minutes

A short run with checkpoints replaces an older result. strace stops it at the N-th call of one kind:

- by SIGKILL. Then the older result or the new one is there, whole; the same command with --resume ends
  with exit 0; and what it leaves is, byte for byte, what a run leaves that was never stopped.
- by a disk that is full (ENOSPC), over its quota (EDQUOT), or broken (EIO). Then the command ends with
  exit 74 and says path and bytes; what was there is still there; and --resume does the rest.

Needs strace, no privileges, Linux.
"""

import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHANGES = ["openat", "mkdir", "write", "fsync", "flock", "close", "rename", "renameat2", "unlink", "unlinkat", "rmdir"]
FAILURES = [("write", "ENOSPC"), ("write", "EDQUOT"), ("openat", "ENOSPC"), ("mkdir", "ENOSPC"), ("fsync", "EIO"),
            ("rename", "ENOSPC"), ("renameat2", "ENOSPC")]


def command(binary, seed, *more):
    return [binary, "run", str(ROOT / "scenarios/baseline.toml"), "--out", "out", "--seed", str(seed), "--years", "0.25",
            "--threads", "1", "--quiet", "--set", "run.persons_per_agent=200000 persons", "--set", "run.least_agents=0", "--set", "run.spin_up=4 weeks",
            "--checkpoint-every", "5 weeks", "--force", *more]


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def prepared(place, older):
    """A folder in which an older result waits to be replaced."""
    home = pathlib.Path(tempfile.mkdtemp(dir=place))
    shutil.copytree(older, home / "out")
    return home


def traced(binary, home, *options):
    """Runs the command under strace, which sees only calls on files below its home."""
    # names as the calls give them, and as the system knows the files behind them
    seen = [option for path in WATCHED for name in (path, str(home / path)) for option in ("-P", name)]
    log = home.with_suffix(".log")
    done = subprocess.run(["strace", "-f", "-qq", "-o", str(log), *seen, *options, *command(binary, 1)],
                          cwd=home, capture_output=True, text=True, timeout=300)
    return done, log


def watched_paths(binary, place, older):
    """Every path below its home that an undisturbed run names, in `out` and in `out.partial`."""
    home = prepared(place, older)
    log = home.with_suffix(".log")
    subprocess.run(["strace", "-f", "-qq", "-y", "-o", str(log), "-e", "trace=" + ",".join(CHANGES), *command(binary, 1)],
                   cwd=home, check=True, capture_output=True)
    text = log.read_text()
    named = set(re.findall(r'"((?:\./)?out[^"]*)"', text))
    named |= {path.removeprefix(f"{home}/") for path in re.findall(rf"<({home}/[^>]*)>", text)}
    shutil.rmtree(home)
    return sorted(named | {"."})


def count(log, call):
    """How often the busiest thread makes a call; strace counts by thread."""
    by_thread = {}
    for line in log.read_text().splitlines():
        made = re.match(rf"(\d+) +{call}\(", line)
        if made:
            by_thread[made[1]] = by_thread.get(made[1], 0) + 1
    return max(by_thread.values(), default=0)


def check(binary, home, older, newer, problem):
    """After the blow: an old or a new result, whole; then --resume, and the new one to the byte."""
    now = tree(home / "out") if (home / "out").exists() else None
    if now != older and now != newer:
        problem("neither the older result nor the new one is there, whole")
    resumed = subprocess.run(command(binary, 1, "--resume"), cwd=home, capture_output=True, text=True, timeout=300)
    if resumed.returncode != 0:
        problem(f"--resume ended with {resumed.returncode}: {resumed.stderr.strip()}")
    final = tree(home / "out")
    differing = [name for name in sorted(final.keys() | newer.keys()) if final.get(name) != newer.get(name)]
    if differing:
        problem(f"after --resume these differ: {', '.join(differing)}")
    left = sorted(path.name for path in home.iterdir())
    if left != ["out"]:
        problem(f"left behind: {left}")


def point(binary, place, older_folder, older, newer, call, what, n):
    home = prepared(place, older_folder)
    problems = []
    problem = lambda words: problems.append(f"{call} {n} {what}: {words}")
    blow = "signal=SIGKILL" if what == "KILL" else f"error={what}"
    start = time.monotonic()
    done, log = traced(binary, home, "-e", f"inject={call}:{blow}:when={n}")
    took = time.monotonic() - start
    if what == "KILL":
        if done.returncode not in (-9, 137):
            problem(f"was to be killed, and ended with {done.returncode}")
    elif "(INJECTED)" not in log.read_text():
        problem("the failure did not happen")
    elif done.returncode == 0:
        # only tidying up may fail without a word: the result is in its place
        if tree(home / "out") != newer:
            problem("ended with 0, without its result")
    elif done.returncode != 74 or not re.search(r"out.*\d+ bytes", done.stderr, re.S):
        problem(f"ended with {done.returncode} after {took:.1f} s: {done.stderr.strip()}")
    check(binary, home, older, newer, problem)
    shutil.rmtree(home)
    log.unlink()
    return problems


def main():
    global WATCHED
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--short", action="store_true", help="few points of each kind")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    binary = str(arguments.binary.resolve())
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="handover-kill-") as place:
        place = pathlib.Path(place)
        results = {}
        for seed in (2, 1):
            home = pathlib.Path(tempfile.mkdtemp(dir=place))
            subprocess.run(command(binary, seed), cwd=home, check=True)
            results[seed] = home / "out"
        older, newer = tree(results[2]), tree(results[1])
        assert older != newer
        WATCHED = watched_paths(binary, place, results[2])
        home = prepared(place, results[2])
        done, log = traced(binary, home, "-e", "trace=" + ",".join(CHANGES))
        assert done.returncode == 0, done.stderr
        counts = {call: count(log, call) for call in CHANGES}
        points = []
        for call, what in [(call, "KILL") for call in CHANGES] + FAILURES:
            every = range(1, counts[call] + 1)
            if arguments.short:
                # the first, the last, and a few between
                few = 3 if what == "KILL" else 2
                every = sorted({1 + (counts[call] - 1) * k // (few - 1) for k in range(few)} & set(every))
            points += [(call, what, n) for n in every]
        print(f"{len(points)} points of {sum(counts.values())} calls a run makes: {counts}", flush=True)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            tries = [pool.submit(point, binary, place, results[2], older, newer, *where) for where in points]
            problems = [words for each in tries for words in each.result()]
    for words in problems:
        print(words)
    kills = sum(what == "KILL" for _, what, _ in points)
    print(f"killed {kills} times, disk failed {len(points) - kills} times, {len(problems)} problems, "
          f"{time.monotonic() - start:.0f} s")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
