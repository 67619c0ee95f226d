"""The same coarse world 200 times: seconds a run in Mesa's batch runner, NumPy and this project's columns.

    sweep.py PEERS_BINARY [--short]

A sweep has 40 seeds for each of five probabilities of losing a job. It is cut into four parts, and in each part every
program has its turn, so that what else the machine does meets all of them. Seconds are those of the quickest part:
from before the first world is founded until the last result is there, without the start of the program itself.
Processor seconds are those of whole commands, start and all, a run in all parts: what else is running moves them less.

A program must give the same runs by one process and by two. Programs draw different numbers: their means, of all
runs and at each probability, must lie within five standard errors of NumPy's, by how far runs of one probability
differ. No micro-dollar may come from nowhere. Two faults are planted and must be seen: a tenth more jobs are lost than
told, and as many whatever is told. --short has one part, of eight runs.
"""

import dataclasses
import datetime
import pathlib
import resource
import statistics
import sys

from common import MEASURES, machine, run

HERE = pathlib.Path(__file__).resolve().parent
WORKERS, TICKS = 20_000, 52
SEPARATIONS = [0.004, 0.006, 0.008, 0.01, 0.012]
TOLERANCE = 5
TRUTH, OURS = "NumPy, whole arrays", "this project's columns"


def processor_seconds():
    """What the commands run so far have taken together."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def place(one):
    return one["separation"], one["seed"]


@dataclasses.dataclass
class Sweep:
    """A program on so many threads or processes, and what it has done so far."""

    command: list
    threads: int
    name: str = ""
    seconds: list = dataclasses.field(default_factory=list)
    processor: float = 0.0
    runs: list = dataclasses.field(default_factory=list)

    def go_on(self, seeds, separations):
        lists = [",".join(str(number) for number in numbers) for numbers in (seeds, separations)]
        before = processor_seconds()
        found = run([*self.command, WORKERS, TICKS, self.threads, *lists])
        self.processor += processor_seconds() - before
        self.name = found["name"]
        self.seconds.append(found["seconds"] / len(found["runs"]))
        self.runs += sorted(found["runs"], key=place)

    def cells(self, measure):
        """The measure in the runs of each probability, in order."""
        cells = {}
        for one in sorted(self.runs, key=place):
            cells.setdefault(one["separation"], []).append(one[measure])
        return list(cells.values())

    def every(self, measure):
        return [one[measure] for one in self.runs]


def strays(sweep, truth, deviations):
    """What in a sweep cannot be chance, as far as runs of one probability differ."""
    for one in sweep.runs:
        if one["discrepancy"] != "0":
            yield f"{sweep.name}: {one['discrepancy']} micro-dollars came from nowhere"
    for measure in MEASURES:
        cells = zip(sweep.cells(measure), truth.cells(measure), strict=True)
        for these, those in [(sweep.every(measure), truth.every(measure)), *cells]:
            error = deviations[measure] * (1 / len(these) + 1 / len(those)) ** 0.5
            away = (statistics.fmean(these) - statistics.fmean(those)) / error
            if abs(away) > TOLERANCE:
                yield f"{sweep.name}: {measure} of {len(these)} runs is {away:+.1f} standard errors away"


def planted(binary, seeds, separations):
    """Sweeps of the columns that did something else than they were told."""
    faults = {
        "a tenth more jobs lost than told": [1.1 * told for told in separations],
        "as many jobs lost whatever is told": [SEPARATIONS[2]] * len(separations),
    }
    for fault, taken in faults.items():
        sweep = Sweep([binary, "sweep"], 2)
        for told, really in zip(separations, taken, strict=True):
            wrong = Sweep([binary, "sweep"], 2)
            wrong.go_on(seeds, [really])
            sweep.runs += [{**one, "separation": told} for one in wrong.runs]
        sweep.name = fault
        yield sweep


def wrongs(sweeps, binary, seeds, separations):
    """Everything that is not as it must be, after telling how the faults were seen."""
    alone = {sweep.name: sweep for sweep in sweeps if sweep.threads == 1}
    deviations = {}
    for measure in MEASURES:
        cells = [cell for sweep in alone.values() for cell in sweep.cells(measure)]
        deviations[measure] = statistics.fmean(statistics.variance(cell) for cell in cells) ** 0.5
    for sweep in sweeps:
        if sweep.runs != alone[sweep.name].runs:
            yield f"{sweep.name}: runs depend on how many processes share them"
        yield from strays(sweep, alone[TRUTH], deviations)
    for sweep in planted(binary, seeds, separations):
        seen = list(strays(sweep, alone[TRUTH], deviations))
        print(f"planted and seen, {seen[0]}" if seen else "")
        if not seen:
            yield f"{sweep.name}: nobody sees it"


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    is_short = "--short" in sys.argv
    parts, each = (1, 4) if is_short else (4, 10)
    separations = SEPARATIONS[::4] if is_short else SEPARATIONS
    commands = [[sys.executable, HERE / "mesa_agents.py"], [sys.executable, HERE / "numpy_plain.py"], [binary, "sweep"]]
    sweeps = [Sweep(command, threads) for command in commands for threads in (1, 2)]
    seeds = range(1, parts * each + 1)
    for part in range(parts):
        for sweep in sweeps:
            sweep.go_on(seeds[part * each : (part + 1) * each], separations)
    today = datetime.date.today().isoformat()
    print(
        f"\nThe reduced weekly loop (benches/peers/loop.md), a sweep of {len(sweeps[0].runs)} runs,\n"
        f"{WORKERS:,} workers, {TICKS} weeks, quickest and slowest of {parts} parts, {today},\n{machine()}\n"
    )
    print("| how it is run | threads | seconds a run | slowest | times as here | processor seconds | times as here |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ours = {sweep.threads: sweep for sweep in sweeps if sweep.name == OURS}
    for sweep in sweeps:
        here, quickest, processor = ours[sweep.threads], min(sweep.seconds), sweep.processor / len(sweep.runs)
        print(
            f"| {sweep.name} | {sweep.threads} | {quickest:.4f} | {max(sweep.seconds):.4f} | "
            f"{quickest / min(here.seconds):.0f} | {processor:.4f} | {sweep.processor / here.processor:.0f} |"
        )
    print()
    for measure in MEASURES:
        means = [statistics.fmean(sweep.every(measure)) for sweep in sweeps]
        print(f"{measure:>11}: " + "  ".join(f"{mean:.4f}" for mean in means))
    wrong = list(wrongs(sweeps, binary, seeds, separations))
    for words in wrong:
        print(f"wrong: {words}")
    if not wrong:
        print(
            "all agree within five standard errors, by two processes as by one, and no micro-dollar came from nowhere"
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
