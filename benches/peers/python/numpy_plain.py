"""NumPy as most people write it: one array a variable, masks and np.where over all workers."""

import time

import numpy as np
from common import BENEFIT, CENT, GROUPS, HOURS, REVIEW, ROYALTY, Book, arguments, workers

n, ticks = arguments()
luck = np.random.default_rng(1)
group, skill, wage, employed, consents = workers(n, luck)
data, balance, duration = np.zeros(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int32)
by_group = lambda values: np.bincount(group, weights=values, minlength=GROUPS)
book = Book(n, by_group(employed), by_group(~employed))
start = time.perf_counter()
for tick in range(ticks):
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
    book.close(by_group(employed), by_group(~employed), by_group(consents), by_group(data), by_group(pay),
               by_group(royalty), by_group(benefit))
seconds = time.perf_counter() - start
spread = {"employed": employed, "consenting": consents, "data": data / 100, "pay": pay / 1e6, "royalty": royalty / 1e6}
book.report("NumPy, whole arrays", seconds, balance.sum(), {key: float(np.std(v)) for key, v in spread.items()})
