"""What the Python programs share: who the workers are, rates from last week's sums, and how they are run and told."""

import json
import pathlib
import platform
import subprocess
import sys

import numpy as np

OCCUPATIONS, REGIONS = 4, 8
GROUPS = OCCUPATIONS * REGIONS
BENEFIT, CENT, ROYALTY, HOURS, REVIEW = 250_000_000, 10_000, 512, 40, 26
BASE = np.array([600.0, 900.0, 1300.0, 2000.0])
# probability of losing the job in a week at ability 0, unless a sweep has another
SEPARATION = 0.008
# what every program tells of its last week, and of pay in all weeks
MEASURES = ["employed", "consenting", "data", "pay", "royalty"]


def workers(n, luck):
    """Group, skill, wage, employed, consents, in order of the groups."""
    group = np.sort(luck.integers(0, GROUPS, n))
    skill = luck.lognormal(-0.08, 0.4, n)
    wage = BASE[group % OCCUPATIONS] * (0.85 + 0.05 * (group // OCCUPATIONS)) * luck.lognormal(0.0, 0.2, n)
    return group, skill, wage, luck.random(n) < 0.93, luck.random(n) < 0.25


class Book:
    """Everything that was paid, and last week's sums by group."""

    def __init__(self, n, employed, unemployed, separation=SEPARATION):
        self.n, self.ticks, self.paid, self.payroll = n, 0, 0, 0
        self.separation = separation
        self.data_before = np.zeros(GROUPS)
        self.employed, self.unemployed = np.asarray(employed), np.asarray(unemployed)
        self.consenting, self.data, self.royalties = np.zeros(GROUPS), np.zeros(GROUPS), np.zeros(GROUPS)

    def rates(self):
        """Probability of losing and of finding a job, and log odds of consenting at skill 0, by group."""
        ability = 1 - (1 + self.data.sum() / (100.0 * self.n)) ** -0.3
        by_region = lambda sums: np.asarray(sums, dtype=float).reshape(REGIONS, OCCUPATIONS).sum(axis=1)
        without = by_region(self.unemployed) / by_region(self.employed + self.unemployed)
        recorded = by_region(self.data - self.data_before)
        per_hour = np.divide(by_region(self.royalties) / 1e6, recorded, out=np.zeros(REGIONS), where=recorded > 0)
        consent = np.repeat(-1.6 + per_hour - 2.0 * without, OCCUPATIONS)
        return np.full(GROUPS, self.separation * (1 + ability)), np.full(GROUPS, 0.1 * (1 - 0.5 * ability)), consent

    def close(self, employed, unemployed, consenting, data, payroll, royalties, benefits):
        self.data_before, self.data = self.data, np.asarray(data, dtype=float)
        self.employed, self.unemployed = np.asarray(employed), np.asarray(unemployed)
        self.consenting, self.royalties = np.asarray(consenting), np.asarray(royalties)
        self.ticks += 1
        self.payroll += int(np.sum(payroll))
        self.paid += int(np.sum(payroll)) + int(np.sum(royalties)) + int(np.sum(benefits))

    def means(self, held):
        """What the last week was like; `held` is what all workers hold together."""
        return {
            "employed": float(self.employed.sum() / self.n),
            "consenting": float(self.consenting.sum() / self.n),
            "data": float(self.data.sum() / (100.0 * self.n)),
            "pay": self.payroll / 1e6 / self.n / self.ticks,
            "royalty": float(self.royalties.sum() / 1e6 / self.n),
            "discrepancy": str(int(held) - self.paid),
        }

    def report(self, name, seconds, held, deviations=None):
        """Prints a line for the comparison; `held` is what all workers hold together."""
        speed = {"threads": 1, "ns": seconds * 1e9 / self.n / self.ticks}
        spread = {"deviations": deviations} if deviations else {}
        print(json.dumps({"name": name, "workers": self.n, "ticks": self.ticks, **speed, **self.means(held), **spread}))


def arguments():
    """Workers and weeks."""
    return int(sys.argv[1]), int(sys.argv[2])


def design():
    """Of a sweep: how many processes, which seeds, which probabilities of losing a job; None if it is a single run."""
    if len(sys.argv) == 3:
        return None
    processes, seeds, separations = sys.argv[3:]
    return int(processes), [int(word) for word in seeds.split(",")], [float(word) for word in separations.split(",")]


def report_sweep(name, processes, seconds, runs):
    """Prints a line for the comparison of sweeps."""
    print(json.dumps({"name": name, "threads": processes, "seconds": seconds, "runs": runs}))


def run(command):
    """What a program says in its line."""
    done = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def machine():
    """The processor and the Python."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines() if pathlib.Path("/proc/cpuinfo").exists() else []
    found = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = f"{found[0]}, {len(found)} processors" if found else platform.processor()
    return f"{processor}; Python {platform.python_version()}"
