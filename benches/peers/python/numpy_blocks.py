"""NumPy at its best: narrow types, blocks that fit the cache, every result written in place.

Workers of a group stand next to each other, so its rates are numbers and its sums are plain sums.
"""

import time

import numpy as np

from common import BENEFIT, CENT, GROUPS, HOURS, REVIEW, ROYALTY, Book, arguments, workers

BLOCK = 8192
n, ticks = arguments()
luck = np.random.Generator(np.random.SFC64(1))
group, skill, wage, employed, consents = workers(n, luck)
skill, wage = skill.astype(np.float32), wage.astype(np.float32)
data, balance, duration = np.zeros(n, np.float32), np.zeros(n, np.int64), np.zeros(n, np.uint16)
ends = np.searchsorted(group, np.arange(GROUPS + 1))
blocks = [
    (g, slice(at, min(at + BLOCK, ends[g + 1]))) for g in range(GROUPS) for at in range(ends[g], ends[g + 1], BLOCK)
]
count = lambda flags: np.add.reduceat(flags, ends[:-1], dtype=np.int64)
book = Book(n, count(employed), count(~employed))
floats, draws, whole = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.int64)
flags, moves = np.empty(BLOCK, bool), np.empty(BLOCK, bool)
start = time.perf_counter()
for _ in range(ticks):
    lose, find, consent = book.rates()
    sums = np.zeros((7, GROUPS), dtype=np.int64)
    hours = np.zeros(GROUPS)
    for g, at in blocks:
        work, agree, a, w, d, spell, held = (
            employed[at],
            consents[at],
            skill[at],
            wage[at],
            data[at],
            duration[at],
            balance[at],
        )
        rows = len(work)
        f, u, i, b, m = floats[:rows], draws[:rows], whole[:rows], flags[:rows], moves[:rows]
        at_work = np.count_nonzero(work)
        # pay and benefit
        np.multiply(a, w, out=f)
        f *= 100
        np.rint(f, out=f)
        f *= work
        np.copyto(i, f, casting="unsafe")
        i *= CENT
        payroll = int(i.sum())
        held += i
        np.multiply(~work, BENEFIT, out=i)
        held += i
        # recording and royalty
        np.logical_and(work, agree, out=b)
        np.multiply(a, HOURS, out=f)
        f *= b
        d += f
        np.multiply(d, ROYALTY, out=f)
        np.rint(f, out=f)
        np.copyto(i, f, casting="unsafe")
        royalties = int(i.sum())
        held += i
        # jobs
        luck.random(dtype=np.float32, out=u)
        np.less(u, np.where(work, np.float32(lose[g]), np.float32(find[g])), out=m)
        np.logical_or(work, m, out=b)
        spell += 1
        spell[b] = 0
        np.logical_xor(work, m, out=work)
        # consent: a draw below a 26th is a review, and 26 times it a draw of its own
        luck.random(dtype=np.float32, out=u)
        reviewed = np.flatnonzero(u < 1 / REVIEW)
        agree[reviewed] = u[reviewed] * REVIEW * (1 + np.exp(-(consent[g] + 0.4 * a[reviewed]))) < 1
        now = np.count_nonzero(work)
        sums[:, g] += (now, rows - now, np.count_nonzero(agree), 0, payroll, royalties, (rows - at_work) * BENEFIT)
        hours[g] += d.sum(dtype=np.float64)
    book.close(sums[0], sums[1], sums[2], hours, sums[4], sums[5], sums[6])
seconds = time.perf_counter() - start
book.report("NumPy, blocks in place", seconds, balance.sum())
