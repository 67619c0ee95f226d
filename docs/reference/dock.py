"""Does the program say what docs/model.md says? Runs it and reference.py over several seeds of one coarse world.

    python dock.py --handover PATH [--frozen] [--seeds 8] [--years 8]

A headline is the mean of a series over the last 52 weeks (stocks: the last record), one number a seed. z is the
difference of the two means over its standard error (Welch); the bound is that of 99 % for the smaller degrees of
freedom. With k headlines that agree in truth about k/100 lie outside by chance. Exit code 1 if more do than chance
alone would leave outside in one table of a hundred, were they independent: more than 2 of 39, more than 3 of 59. Or if
one lies twice as far outside, which chance does in one table of eighty at most: an error in one rule may move one line.
"""

import argparse
import csv
import math
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np

from founding import Numbers
from reference import World

T99 = {1: 63.66, 2: 9.92, 3: 5.84, 4: 4.60, 5: 4.03, 6: 3.71, 7: 3.50, 8: 3.36, 9: 3.25, 10: 3.17, 11: 3.11, 15: 2.95}
STOCKS = {"displaced_total"}
# Recorded every four weeks: states at the end of the record's last week; all others are means over its weeks
STATES = {"employed", "unemployed", "outside", "vacancies", "wage", "unit_cost", "absorbed", "fleet", "feasible_share"}
STATES |= {"demand_index", "rest_balance"}
COARSE = ["run.persons_per_agent=20000 persons", "run.least_agents=0", "run.spin_up=52 weeks"]

# Metrics; of which occupations, kinds of jobs or classes; where: each with each. The second table if technology moves
HEADLINES = """employed unemployed outside vacancies; all; * IND CHN USA EU27
wage; assembler; IND
wage; helper courier; CHN
wage; operator; USA
wage; picker; EU27
arrivals; assembly; IND
arrivals; picking doorstep; USA
arrivals; doorstep; CHN
unit_cost; assembly doorstep station_leg; CHN
unit_cost; picking; USA
done_by_robots; material_handling picking station_leg doorstep; *
taxes consumption; all; *"""
MOVING = """
feasible_share; assembly picking doorstep; USA
raw_hours; all; * IND CHN
capture_pay_received absorbed displaced_total licence_revenue subscription_revenue buyers_gain; all; *
fleet; van sidewalk amr manipulator; *
demand_index rest_balance; all; CHN USA"""


def program(a, sets, seed):
    """The rows of series.csv in the program's last 52 weeks."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "run"
        command = [a.handover, "run", a.scenario, "--seed", seed, "--years", a.years, "--threads", 1, "--panel", 0]
        command += ["--quiet", "--out", to] + [word for s in sets for word in ("--set", s)]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
        with open(to / "series.csv", newline="") as file:
            return [row for row in csv.DictReader(file) if int(row["tick"]) >= a.years * 52 - 52]


def of_program(rows, metric, item, region):
    last, ticks = max(int(row["tick"]) for row in rows), {}
    for row in rows:
        if (row["metric"], row["item"]) == (metric, item) and region in ("*", row["region"]):
            ticks.setdefault(int(row["tick"]), []).append(float(row["value"]))
    return np.mean([sum(values) for tick, values in ticks.items() if metric not in STOCKS or tick == last] or [0.0])


def of_reference(record, regions, metric, item, region):
    weeks = slice(-1, None) if metric in STOCKS else slice(-49, None, 4) if metric in STATES else slice(-52, None)
    values = np.array([week[metric if item == "all" else f"{metric}/{item}"] for week in record[weeks]])
    return (values.sum(1) if region == "*" else values[:, regions.index(region)]).mean()


def most_by_chance(k, size=0.01):
    """How many of k lines lie outside by chance at most, but for one table in a hundred."""
    exactly = [math.comb(k, i) * 0.01**i * 0.99 ** (k - i) for i in range(k + 1)]
    return next(i for i in range(k) if sum(exactly[: i + 1]) >= 1 - size)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--handover", default="handover")
    p.add_argument("--scenario", default=str(Path(__file__).resolve().parents[2] / "scenarios/baseline.toml"))
    p.add_argument("--seeds", type=int, default=8)
    p.add_argument("--years", type=int, default=8)
    p.add_argument("--frozen", action="store_true", help="technology stands still: labour market and settlement alone")
    p.add_argument("--set", action="append", default=[])
    a = p.parse_args()
    sets = COARSE + a.set + ["run.technology=frozen"] * a.frozen
    table, seeds = HEADLINES + MOVING * (not a.frozen), range(1, a.seeds + 1)
    headlines = [line for row in table.splitlines() for line in product(*(words.split() for words in row.split(";")))]
    numbers = Numbers(a.handover, a.scenario, sets)
    theirs = [program(a, sets, seed) for seed in seeds]
    ours = [World(numbers, seed).run(a.years) for seed in seeds]
    print(f"{a.seeds} seeds, {a.years} years, " + ", ".join(sets))
    print(f"| {'headline':36} | program (sd) | reference (sd) | ratio | z | |\n|---|---:|---:|---:|---:|---|")
    outside, far, bound = 0, 0, T99.get(a.seeds - 1, 2.86)
    for line in headlines:
        x = np.array([of_program(rows, *line) for rows in theirs])
        y = np.array([of_reference(record, numbers.regions, *line) for record in ours])
        gap, error = y.mean() - x.mean(), np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / a.seeds)
        z = gap / max(error, 1e-7 * abs(x.mean()), 1e-300)
        outside, far = outside + (abs(z) > bound), far + (abs(z) > 2 * bound)
        name = " ".join(word for word in line if word != "all").replace("*", "world")
        times = f"{y.mean() / x.mean():.3f}" if x.mean() else "-"
        cells = [f"{name:36}", *(f"{v.mean():.5g} ({v.std(ddof=1):.2g})" for v in (x, y)), times, f"{z:.1f}"]
        print(f"| {' | '.join(cells)} | {'outside' if abs(z) > bound else ''} |")
    most, k = most_by_chance(len(headlines)), len(headlines)
    print(f"\n{k} comparisons at 99 % (|z| below {bound:.2f}): {outside} outside; ", end="")
    print(f"{k / 100:.1f} are expected by chance if all agree, at most {most}. Twice as far out: {far}, at most 0.")
    return int(outside > most or far > 0)


if __name__ == "__main__":
    sys.exit(main())
