"""Measuring a function, and printing rates as ratios to the first row of the same run."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable


def per_second(work: Callable[[], object], *, rounds: int = 7, seconds: float = 0.3) -> float:
    """Median rate per second of processor time, garbage collection off within each round."""
    work()
    rates = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        count = 0
        begin = time.process_time()
        while time.process_time() - begin < seconds:
            work()
            count += 1
        rates.append(count / (time.process_time() - begin))
        gc.enable()
    return statistics.median(rates)


def table(rates: dict[str, float], *, unit: str) -> None:
    """Print each rate and its ratio to the first, the baseline."""
    baseline = next(iter(rates.values()))
    for name, rate in rates.items():
        print(f"{name:<44} {rate:>12,.0f} {unit:<10} {rate / baseline:>8.3f} x baseline")
