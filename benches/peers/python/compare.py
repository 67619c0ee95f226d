"""Runs every version, checks that all of them tell the same story, and prints one table of ratios.

    compare.py PEERS_BINARY [--short]

They draw different numbers, so they agree if each mean lies within five standard errors of that of the
whole-array NumPy version; a wrong probability of losing a job, off by a tenth, is further out than that in
all but the Mesa run, which is small. Money must be conserved to the micro-dollar in each of them.
"""

import datetime
import pathlib
import sys

from common import MEASURES, machine, run

HERE = pathlib.Path(__file__).resolve().parent
TICKS = 52
REPEATS = 3
# bytes of a worker that a week of the columns reads and writes back
TOUCHED = 2 + 4 + 2 * (4 + 8 + 2 + 1)


def best(command):
    return min((run(command) for _ in range(REPEATS)), key=lambda found: found["ns"])


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    shorter = 20 if "--short" in sys.argv else 1
    python = lambda name, n: [sys.executable, HERE / f"{name}.py", n // shorter, TICKS]
    rust = lambda name, n, threads=1: [binary, name, n // shorter, TICKS, threads]
    found = [
        best(command)
        for command in [
            python("mesa_agents", 20_000),
            rust("krabmaga", 400_000),
            python("numpy_plain", 4_000_000),
            python("numpy_blocks", 4_000_000),
            rust("entities", 4_000_000),
            rust("entities_fast", 4_000_000),
            rust("columns", 4_000_000),
            rust("columns", 4_000_000, 2),
        ]
    ]
    truth = next(one for one in found if "deviations" in one)
    wrong = []
    for one in found:
        if one["discrepancy"] != "0":
            wrong.append(f"{one['name']}: {one['discrepancy']} micro-dollars came from nowhere")
        for measure in MEASURES:
            error = truth["deviations"][measure] * (1 / one["workers"] + 1 / truth["workers"]) ** 0.5
            away = (one[measure] - truth[measure]) / error
            if abs(away) > 5:
                wrong.append(f"{one['name']}: {measure} is {one[measure]:.5g}, {away:+.1f} standard errors away")
    moved = run([binary, "bandwidth", 0, 0, 2])["bytes_per_second"]
    limit = TOUCHED / moved * 1e9
    ours = [one for one in found if one["name"] == "this project's columns"]
    today = datetime.date.today().isoformat()
    print(f"The reduced weekly loop (benches/peers/loop.md), {TICKS} weeks, best of {REPEATS}, {today},\n{machine()}\n")
    print("| how it is built | workers | threads | ns a worker and week | times the columns, as many threads |")
    print("|---|---:|---:|---:|---:|")
    for one in found:
        same = next(own for own in ours if own["threads"] == one["threads"])
        times = one["ns"] / same["ns"]
        print(f"| {one['name']} | {one['workers']:,} | {one['threads']} | {one['ns']:.2f} | {times:.1f} |")
    print(
        f"| memory bandwidth, {TOUCHED} bytes a worker at {moved / 1e9:.1f} GB/s | | 2 | {limit:.2f} | "
        f"{limit / ours[-1]['ns']:.2f} |\n"
    )
    for measure in MEASURES:
        print(f"{measure:>11}: " + "  ".join(f"{one[measure]:.4f}" for one in found))
    for words in wrong:
        print(f"wrong: {words}")
    print("all agree within five standard errors, and no micro-dollar came from nowhere" if not wrong else "")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
