"""NumPy as most people write it: one array a variable, masks and np.where over all workers; a sweep is a loop of runs.

`numpy_plain.py WORKERS TICKS [PROCESSES SEEDS SEPARATIONS]`
"""

import itertools
import multiprocessing
import time

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


def simulate(n, ticks, seed=1, separation=SEPARATION):
    """The book, seconds after the founding, what all workers hold, and deviations between workers."""
    luck = np.random.default_rng(seed)
    group, skill, wage, employed, consents = workers(n, luck)
    data, balance, duration = np.zeros(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
    by_group = lambda values: np.bincount(group, weights=values, minlength=GROUPS)
    book = Book(n, by_group(employed), by_group(~employed), separation)
    start = time.perf_counter()
    for _ in range(ticks):
        lose, find, consent = book.rates()
        pay = np.where(employed, np.rint(wage * skill * 100).astype(np.int64) * CENT, 0)
        benefit = np.where(employed, 0, BENEFIT)
        data = data + np.where(employed & consents, HOURS * skill, 0.0)
        royalty = np.rint(ROYALTY * data).astype(np.int64)
        balance += pay + benefit + royalty
        draw = luck.random(n)
        moves = draw < np.where(employed, lose[group], find[group])
        duration = np.where(employed | moves, 0, duration + 1)
        employed = employed ^ moves
        review = luck.random(n) < 1 / REVIEW
        agrees = luck.random(n) < 1 / (1 + np.exp(-(consent[group] + 0.4 * skill)))
        consents = np.where(review, agrees, consents)
        # sums of whole numbers below 2^53 are exact in floats
        heads = (by_group(employed), by_group(~employed), by_group(consents))
        book.close(*heads, by_group(data), by_group(pay), by_group(royalty), by_group(benefit))
    seconds = time.perf_counter() - start
    last = {
        "employed": employed,
        "consenting": consents,
        "data": data / 100,
        "pay": pay / 1e6,
        "royalty": royalty / 1e6,
    }
    return book, seconds, balance.sum(), lambda: {key: float(np.std(values)) for key, values in last.items()}


def of_sweep(world):
    n, ticks, separation, seed = world
    book, _, held, _ = simulate(n, ticks, seed, separation)
    return {"seed": seed, "separation": separation, **book.means(held)}


def main():
    n, ticks = arguments()
    if swept := design():
        processes, seeds, separations = swept
        worlds = list(itertools.product([n], [ticks], separations, seeds))
        start = time.perf_counter()
        if processes == 1:
            runs = [of_sweep(world) for world in worlds]
        else:
            with multiprocessing.Pool(processes) as pool:
                runs = pool.map(of_sweep, worlds, chunksize=1)
        report_sweep("NumPy, whole arrays", processes, time.perf_counter() - start, runs)
        return
    book, seconds, held, deviations = simulate(n, ticks)
    book.report("NumPy, whole arrays", seconds, held, deviations())


if __name__ == "__main__":
    main()
