"""Does the program say what docs/model.md says? Runs it and reference.py over several seeds of one coarse world.

    python dock.py --handover PATH [--short] [--frozen] [--seeds 8] [--years 8]

A headline is the mean of a series over the last 52 weeks (stocks: the last record), one number a seed. z is the
difference of the two means over its standard error (Welch); the bound is that of 99 % for the smaller degrees of
freedom. With k headlines that agree in truth about k/100 lie outside by chance. Exit code 1 if more do than chance
alone would leave outside in one table of a hundred, were they independent: more than 2 of 37, more than 3 of 55.
"""
import argparse, math, subprocess, sys, tempfile
from pathlib import Path
import numpy as np
import csv
sys.path.insert(0, str(Path(__file__).parent))
import reference as ref

T99 = {1: 63.66, 2: 9.92, 3: 5.84, 4: 4.60, 5: 4.03, 6: 3.71, 7: 3.50, 8: 3.36, 9: 3.25, 10: 3.17, 11: 3.11, 15: 2.95, 19: 2.86}
STOCKS = {"displaced_total"}
HEADLINES = [(m, None, r) for m in ("employed", "unemployed", "outside", "vacancies") for r in ("*", "IND", "CHN", "USA", "EU27")]
HEADLINES += [("wage", o, r) for o, r in (("assembler", "IND"), ("helper", "CHN"), ("operator", "USA"), ("picker", "EU27"), ("courier", "CHN"))]
HEADLINES += [("arrivals", j, r) for j, r in (("assembly", "IND"), ("picking", "USA"), ("doorstep", "CHN"), ("doorstep", "USA"))]
HEADLINES += [("unit_cost", j, r) for j, r in (("assembly", "CHN"), ("picking", "USA"), ("doorstep", "CHN"), ("station_leg", "CHN"))]
HEADLINES += [("done_by_robots", j, "*") for j in ("material_handling", "picking", "station_leg", "doorstep")]
MOVING = [("feasible_share", j, "USA") for j in ("assembly", "picking", "doorstep")]
MOVING += [("raw_hours", None, r) for r in ("*", "IND", "CHN")]
MOVING += [(m, None, "*") for m in ("capture_pay_received", "absorbed", "displaced_total", "licence_revenue", "subscription_revenue", "buyers_gain")]
MOVING += [("fleet", c, "*") for c in ref.CLASSES] + [("demand_index", None, "CHN"), ("demand_index", None, "USA")]


def program(a, sets, years):
    """[seed, headline] from the program's series.csv."""
    with tempfile.TemporaryDirectory() as folder:
        out = []
        for seed in range(1, a.seeds + 1):
            to = Path(folder) / str(seed)
            command = [a.handover, "run", a.scenario, "--seed", str(seed), "--years", str(years), "--threads", "1",
                       "--panel", "0", "--quiet", "--out", str(to)]
            for s in sets:
                command += ["--set", s]
            subprocess.run(command, check=True, capture_output=True)
            with open(to / "series.csv", newline="") as f:
                rows = [r for r in csv.DictReader(f) if int(r["tick"]) >= years * 52 - 52]
            out.append(rows)
        return out


def of_program(rows, metric, item, region, regions):
    last = max(int(r["tick"]) for r in rows)
    want = item or "all"
    ticks = {}
    for r in rows:
        if r["metric"] == metric and r["item"] == want and (region == "*" or r["region"] == region):
            if metric not in STOCKS or int(r["tick"]) == last:
                ticks.setdefault(r["tick"], []).append(float(r["value"]))
    return float(np.mean([sum(v) for v in ticks.values()])) if ticks else 0.0


def of_reference(world, metric, item, region, regions):
    key = f"{metric}/{item}" if item else metric
    rec = world.record[-52:][3::4] if metric not in STOCKS else world.record[-1:]
    if metric in ("raw_hours", "hires", "capture_pay_received", "licence_revenue", "subscription_revenue", "buyers_gain", "arrivals", "done_by_robots"):
        rec = world.record[-52:]
    v = np.array([r[key] for r in rec])
    if v.ndim == 1:
        return float(v.mean())
    return float(v.sum(1).mean() if region == "*" else v[:, regions.index(region)].mean())


def most_by_chance(k, size=0.01):
    """How many of k lines lie outside by chance at most, but for one table in a hundred."""
    beyond, most = 1.0, -1
    while beyond > size:
        most += 1
        beyond -= math.comb(k, most) * 0.01 ** most * 0.99 ** (k - most)
    return most


def main():
    here = Path(__file__).resolve().parents[2]
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--handover", default="handover")
    p.add_argument("--scenario", default=str(here / "scenarios/baseline.toml"))
    p.add_argument("--seeds", type=int, default=8)
    p.add_argument("--years", type=int, default=8)
    p.add_argument("--short", action="store_true", help="four seeds of four years")
    p.add_argument("--frozen", action="store_true", help="technology stands still: labour market and settlement alone")
    p.add_argument("--set", action="append", default=[])
    a = p.parse_args()
    if a.short:
        a.seeds, a.years = 4, 4
    sets = ["run.persons_per_agent=20000 persons", "run.least_agents=0", "run.spin_up=52 weeks"] + a.set
    if a.frozen:
        sets.append("run.technology=frozen")
    lines = HEADLINES + ([] if a.frozen else MOVING)
    numbers = ref.Numbers.read(a.handover, a.scenario, sets)
    regions = numbers.regions
    theirs = program(a, sets, a.years)
    ours = [ref.World(numbers, seed).run(a.years) for seed in range(1, a.seeds + 1)]
    print(f"{a.seeds} seeds, {a.years} years, " + ", ".join(sets))
    print(f"| {'headline':36} | program (sd) | reference (sd) | ratio | z | |\n|---|---:|---:|---:|---:|---|")
    outside = 0
    bound = T99.get(a.seeds - 1, 2.8)
    for metric, item, region in lines:
        x = np.array([of_program(r, metric, item, region, regions) for r in theirs])
        y = np.array([of_reference(w, metric, item, region, regions) for w in ours])
        se = np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / a.seeds)
        gap = y.mean() - x.mean()
        z = gap / se if se > 0 else (0.0 if abs(gap) <= 1e-6 * abs(x.mean()) else np.inf)
        bad = abs(z) > bound and abs(gap) > 1e-6 * abs(x.mean())
        outside += bad
        name = f"{metric} {item or ''} {'world' if region == '*' else region}".replace("  ", " ")
        ratio = f"{y.mean() / x.mean():.3f}" if x.mean() else "-"
        print(f"| {name:36} | {x.mean():.5g} ({x.std(ddof=1):.2g}) | {y.mean():.5g} ({y.std(ddof=1):.2g}) | {ratio} | {z:.1f} | {'outside' if bad else ''} |")
    most = most_by_chance(len(lines))
    print(f"\n{len(lines)} comparisons at 99 % (|z| below {bound:.2f}): {outside} outside; {len(lines) / 100:.1f} are expected by chance if all agree, at most {most}.")
    return int(outside > most)


if __name__ == "__main__":
    sys.exit(main())
