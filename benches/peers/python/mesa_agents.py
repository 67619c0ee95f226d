"""Mesa as its tutorial shows it: an agent a worker, stepped in turn by the model; a sweep by Mesa's own batch runner.

`mesa_agents.py WORKERS TICKS [PROCESSES SEEDS SEPARATIONS]`
"""

import math
import time

import mesa
import numpy as np

from common import (
    BENEFIT,
    CENT,
    GROUPS,
    HOURS,
    REVIEW,
    ROYALTY,
    SEPARATION,
    Book,
    arguments,
    design,
    report_sweep,
    workers,
)


class Worker(mesa.Agent):
    def __init__(self, model, group, skill, wage, employed, consents):
        super().__init__(model)
        self.group, self.skill, self.wage = int(group), float(skill), float(wage)
        self.employed, self.consents = bool(employed), bool(consents)
        self.data, self.balance, self.duration = 0.0, 0, 0

    def step(self):
        model, group, luck = self.model, self.group, self.model.random.random
        sums = model.sums[group]
        if self.employed:
            income = round(self.wage * self.skill * 100) * CENT
            sums[4] += income
            if self.consents:
                self.data += HOURS * self.skill
            if luck() < model.lose[group]:
                self.employed, self.duration = False, 0
        else:
            income = BENEFIT
            sums[6] += income
            if luck() < model.find[group]:
                self.employed, self.duration = True, 0
            else:
                self.duration += 1
        royalty = round(ROYALTY * self.data)
        self.balance += income + royalty
        if luck() < 1 / REVIEW:
            self.consents = luck() < 1 / (1 + math.exp(-(model.consent[group] + 0.4 * self.skill)))
        sums[0] += self.employed
        sums[1] += not self.employed
        sums[2] += self.consents
        sums[3] += self.data
        sums[5] += royalty


class Country(mesa.Model):
    def __init__(self, n, seed=1, separation=SEPARATION):
        super().__init__(seed=seed)
        columns = workers(n, np.random.default_rng(seed))
        for one in zip(*columns, strict=True):
            Worker(self, *one)
        by_group = lambda values: np.bincount(columns[0], weights=values, minlength=GROUPS)
        self.book = Book(n, by_group(columns[3]), by_group(~columns[3]), separation)

    def step(self):
        self.lose, self.find, self.consent = (rates.tolist() for rates in self.book.rates())
        self.sums = [[0] * 7 for _ in range(GROUPS)]
        self.agents.do("step")
        self.book.close(*zip(*self.sums, strict=True))

    def held(self):
        return sum(worker.balance for worker in self.agents)


class Swept(Country):
    """As the batch runner wants it: with an end, and a collector of what is known there."""

    def __init__(self, n, ticks, seed, separation):
        super().__init__(n, seed, separation)
        self.ticks = ticks
        at_the_end = lambda country: None if country.running else country.book.means(country.held())
        self.datacollector = mesa.DataCollector({"means": at_the_end})

    def step(self):
        super().step()
        self.running = self.steps < self.ticks
        self.datacollector.collect(self)


def main():
    n, ticks = arguments()
    if swept := design():
        processes, seeds, separations = swept
        space = {"n": n, "ticks": ticks, "seed": seeds, "separation": separations}
        start = time.perf_counter()
        found = mesa.batch_run(Swept, space, number_processes=processes, max_steps=ticks, display_progress=False)
        seconds = time.perf_counter() - start
        runs = [{"seed": one["seed"], "separation": one["separation"], **one["means"]} for one in found]
        report_sweep("Mesa, `batch_run`", processes, seconds, runs)
        return
    country = Country(n)
    start = time.perf_counter()
    for _ in range(ticks):
        country.step()
    country.book.report("Mesa", time.perf_counter() - start, country.held())


if __name__ == "__main__":
    main()
