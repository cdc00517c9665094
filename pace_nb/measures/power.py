"""How many children it takes before a share can tell a target from what was usual."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.stats import binom

ALPHA = 0.025  # one side of the 95 % interval that pages show
POWER = 0.8  # usual since Cohen 1988, Statistical Power Analysis for the Behavioral Sciences
MOST_CHILDREN = 2000  # beyond this no area's aim could be judged in years


@lru_cache(maxsize=256)
def children_needed(usual: float, target: float, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """Return the smallest number of children due with which a share at `target` would be told from `usual`.

    usual, target: shares between 0 and 1. The exact single-stage design (A'Hern 2001, Stat Med 20:859-866): the smallest n
    for which some count c has P(X >= c) <= alpha at `usual` and P(X >= c) >= power at `target`, X binomial. One-sided,
    since an aim has a direction. `usual` is taken as known; it comes from children too, so this is the least
    it takes. Power is saw-toothed in n: a slightly larger n may fall short again.

    None where the target is not above what was usual, or where more than 2,000 would be needed. Raises ValueError for a
    share outside 0 to 1.

    >>> children_needed(0.1, 0.2, alpha=0.05), children_needed(0.5, 0.9)
    (78, 12)
    """
    if not (0 <= usual <= 1 and 0 <= target <= 1):
        raise ValueError("a share lies between 0 and 1")
    if target <= usual:
        return None
    n = np.arange(1, MOST_CHILDREN + 1)
    least = binom.isf(alpha, n, usual) + 1  # the smallest c with P(X >= c) <= alpha
    enough = binom.sf(least - 1, n, target) >= power - 1e-12
    return int(n[enough][0]) if enough.any() else None
