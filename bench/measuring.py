"""Takes the times of several ways in turn, and prints them beside the one that sets the mark."""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

Way = Callable[[], Awaitable[object]]


async def medians(
    ways: Mapping[str, Way], runs: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Give the median seconds of each way; they take turns, so that all meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        await way()
    for _ in range(runs):
        for name, way in ways.items():
            started = clock()
            await way()
            times[name].append(clock() - started)
    return {name: statistics.median(each) for name, each in times.items()}


def print_table(title: str, measured: Mapping[str, float], mark: str) -> None:
    """Print each way's time and how many times that of `mark` it is."""
    print(title)
    for name, seconds in measured.items():
        ratio = seconds / measured[mark]
        print(f"  {name:44}{seconds * 1e6:>10,.0f} µs{ratio:>9.2f}×")
