"""How long the curves of a million children's waits take, and how much memory: ours, statsmodels and lifelines, in one run.

    python benchmarks/waits.py [number of children]

Kaplan-Meier with limits and a median, and Aalen-Johansen with three ways out; waits in whole days, so nearly all are tied. Each
runs in a process of its own: the best of three for the seconds; the memory is what the process took at its height, beyond
what it held with the data in hand. Who needs more than four minutes is stopped. A package that is not installed is named and
left out (benchmarks/requirements.lock has both). Read the ratios; absolute times are those of the machine.
"""

import importlib.metadata
import os
import platform
import resource
import subprocess
import sys
import time
import warnings

import numpy as np

CHILDREN = 1_000_000
LONGEST = 2_000  # days
PATIENCE = 240  # seconds for one package and curve
PACKAGES = {"ours": "numpy", "statsmodels": "statsmodels", "lifelines": "lifelines"}
CURVES = ("Kaplan-Meier", "Aalen-Johansen")


def made_up(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return days and causes (0: not ended), always the same."""
    chance = np.random.default_rng(4)
    days = np.minimum(1 + chance.gamma(1.6, 160, n).astype(np.int64), LONGEST)
    return days, chance.choice(4, n, p=[0.25, 0.45, 0.2, 0.1])


def prepare(package: str, curve: str):
    """Import a package and return a function of days and causes that makes the curve and reads one number off it."""
    if package == "ours":
        from pace_nb.waits import cumulative_incidence, survival

        def kaplan_meier(days, cause):
            found = survival(days, cause != 0)
            return found.at(182), found.interval_at(182), found.median_interval

        def aalen_johansen(days, cause):
            return cumulative_incidence(days, cause).at(182, 1)

    elif package == "statsmodels":
        from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

        def kaplan_meier(days, cause):
            found = SurvfuncRight(days, cause != 0)
            return found.surv_prob[181], found.quantile_ci(0.5, method="cloglog")

        def aalen_johansen(days, cause):
            return CumIncidenceRight(days, cause).cinc[0][181]

    else:
        from lifelines import AalenJohansenFitter, KaplanMeierFitter

        def kaplan_meier(days, cause):
            found = KaplanMeierFitter().fit(days, cause != 0)
            return found.predict(182), found.confidence_interval_, found.median_survival_time_

        def aalen_johansen(days, cause):  # one fit for each way out; this is the first
            return (
                AalenJohansenFitter(seed=4)
                .fit(days, cause, event_of_interest=1)
                .cumulative_density_.loc[:182]
                .iloc[-1, 0]
            )

    return kaplan_meier if curve == "Kaplan-Meier" else aalen_johansen


def height() -> float:
    """Return the most memory that this process has held so far, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def measure(package: str, curve: str, n: int) -> None:
    warnings.simplefilter("ignore")
    make = prepare(package, curve)
    make(*made_up(1_000))  # loads what is loaded late
    days, cause = made_up(n)
    held, seconds = height(), []
    for _ in range(3):
        began = time.perf_counter()
        answer = make(days, cause)
        seconds.append(time.perf_counter() - began)
        if seconds[0] > 60:  # once is enough
            break
    share = answer[0] if isinstance(answer, tuple) else answer
    print(min(seconds), height() - held, float(share))


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else CHILDREN
    print(f"{n:,} children, {os.cpu_count()} processors, Python {platform.python_version()}, {platform.platform()}")
    for curve in CURVES:
        first = None
        for package, name in PACKAGES.items():
            try:
                version = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                print(f"{curve:15} {package:24} is not installed")
                continue
            command = [sys.executable, __file__, "--one", package, curve, str(n)]
            label = f"{package} ({'numpy ' if package == 'ours' else ''}{version})"
            try:
                ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                print(f"{curve:15} {label:24} was stopped after {PATIENCE} s")
                continue
            if ended.returncode:
                print(f"{curve:15} {label:24} failed: {ended.stderr.strip().splitlines()[-1]}")
                continue
            seconds, memory, share = map(float, ended.stdout.split())
            first = first or (seconds, memory)
            times = f"{seconds / first[0]:6.1f} times ours, memory {memory / first[1]:4.1f} times"
            print(f"{curve:15} {label:24} {seconds:8.3f} s  {memory:6.0f} MB  {times}  (share at day 182: {share:.6f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
