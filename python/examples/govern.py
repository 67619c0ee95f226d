"""Train a simple policy on the environment, and evaluate it honestly: on seeds that it never saw.

The goal: as much as possible for those who are filmed in the hubs, capture pay and royalties together, a mean over ten
years of quarters. The levers: a royalty of up to half, and a least capture pay of up to 6 USD an hour, which labs
answer by filming less. The policy is linear in what a government sees. It is trained by the cross-entropy method,
which draws policies, keeps the best quarter of them and draws again around these. Then it is held, seed by seed,
against the baseline and the shipped royalties, on seeds that none has met.

    python examples/govern.py [GENERATIONS] [POLICIES]
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import handover as ho
import numpy as np
from handover.gym import Levers, Range
from numpy.typing import NDArray

#: Seeds of training, and seeds on which the result is judged.
SEEN, UNSEEN = range(1, 4), range(1001, 1021)

#: What a government looks at: few numbers, so that few policies must be tried.
OBSERVED = ("accepted_hours", "capture_pay")

#: Who governs, and by what.
HUBS = ("IND", "VNM", "BGD", "CHN", "MEX")
LEVERS: dict[str, Range] = {"royalty_rate": (0.0, 0.5), "least_capture_pay": (0.0, 6.0, "USD/hour")}

Weights = NDArray[np.float64]


def goal(simulation: ho.Simulation) -> float:
    """What the filmed receive, million USD a week."""
    paid = ("capture_pay_received", "royalties_received")
    return sum(simulation.read(metric, hub) for metric in paid for hub in HUBS) / 1e6


def world(name: str = "baseline") -> ho.Scenario:
    """A scenario at the grain of the training."""
    return ho.Scenario.load(name).coarse(500_000, years=10, spin_up="8 weeks").with_({"run.panel": 0})


def govern(weights: Weights, seed: int) -> float:
    """The mean reward of an episode under a linear policy."""
    env = Levers(world(), levers=LEVERS, regions=HUBS, observed=OBSERVED, goal=goal)
    seen, _ = env.reset(seed=seed)
    rewards, is_over = [], False
    while not is_over:
        action = np.tanh(weights.reshape(len(LEVERS), -1) @ np.append(seen, 1.0)).astype(np.float32)
        seen, reward, _, is_over, _ = env.step(action)
        rewards.append(float(reward))
    return float(np.mean(rewards))


def leave(name: str, seed: int) -> float:
    """The same of a shipped scenario, which nobody governs."""
    simulation = ho.Simulation(world(name).with_(seed=seed), threads=1)
    pace = simulation.ticks_in("quarter")
    simulation.step(pace)
    rewards = []
    while not simulation.is_over:
        simulation.step(pace)
        rewards.append(goal(simulation))
    return float(np.mean(rewards))


def train(generations: int, policies: int) -> Weights:
    """Weights found by the cross-entropy method on the seeds of training."""
    random = np.random.default_rng(5)
    size = len(LEVERS) * (len(HUBS) * len(OBSERVED) + 2)
    mean, spread = np.zeros(size), np.full(size, 1.0)
    for generation in range(generations):
        drawn = random.normal(mean, spread, (policies, size))
        with ThreadPoolExecutor() as pool:
            scores = list(pool.map(lambda weights: np.mean([govern(weights, seed) for seed in SEEN]), drawn))
        best = drawn[np.argsort(scores)[-max(2, policies // 4) :]]
        mean, spread = best.mean(axis=0), best.std(axis=0) + 0.05
        print(f"generation {generation + 1}: best {max(scores):.3f}, mean {np.mean(scores):.3f}")
    return mean


def main() -> None:
    """Train, and judge on unseen seeds."""
    generations, policies = (int(word) for word in (sys.argv[1:] + ["3", "10"][len(sys.argv) - 1 :])[:2])
    weights = train(generations, policies)
    with ThreadPoolExecutor() as pool:
        trained = np.array(list(pool.map(lambda seed: govern(weights, seed), UNSEEN)))
        print(f"\nthe filmed receive, million USD a week, mean over {len(UNSEEN)} seeds that were not seen")
        print(f"  trained policy        {trained.mean():.3f}")
        for name in ("baseline", "royalty-15", "royalty-30"):
            other = np.array(list(pool.map(lambda seed, name=name: leave(name, seed), UNSEEN)))
            gain = trained - other
            half = 2.093 * gain.std(ddof=1) / np.sqrt(len(gain))
            print(f"  {name:<20}  {other.mean():.3f}   trained is better by {gain.mean():+.3f} ± {half:.3f}")


if __name__ == "__main__":
    main()
