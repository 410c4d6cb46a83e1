"""Whether a difference between two systems is more than chance, from the same questions asked both.

The randomisation test is Fisher's, paired by question (Smucker et al. 2007); intervals are
percentile bootstrap over questions; Holm's correction (1979) is for the number of comparisons.
Questions of equal value are drawn together, which is the same and much faster. Every figure
follows from its seed.
"""

import math
from collections.abc import Sequence

TRIALS = 10_000
EXACT_UP_TO = 13
BLOCK = 500


def find_p_value(differences: Sequence[float], seed: int = 0, trials: int = TRIALS) -> float:
    """The two-sided p-value of the mean difference under random exchange of the two systems.

    Exact over all sign patterns when at most 13 differences are not 0, else estimated from
    ``trials`` patterns, the observed one counted in, so that it is never 0.
    """
    import numpy as np

    kept = np.array([value for value in differences if value], dtype=np.float64)
    if not len(kept):
        return 1.0
    observed = abs(kept.sum()) * (1 - 1e-9)
    if len(kept) <= EXACT_UP_TO:
        patterns = (np.arange(2 ** len(kept))[:, None] >> np.arange(len(kept))) & 1
        return float((np.abs((2 * patterns - 1) @ kept) >= observed).mean())
    sizes, counts = np.unique(np.abs(kept), return_counts=True)
    generator = np.random.default_rng(seed)
    extreme = 0
    for first in range(0, trials, BLOCK):
        shape = (min(BLOCK, trials - first), len(sizes))
        sums = (2 * generator.binomial(counts, 0.5, size=shape) - counts) @ sizes
        extreme += int((np.abs(sums) >= observed).sum())
    return (extreme + 1) / (trials + 1)


def bound_mean(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean: what it could be with other questions like these."""
    import numpy as np

    column = np.asarray(values, dtype=np.float64)
    if len(column) < 2 or np.all(column == column[0]):
        return float(column.mean()), float(column.mean())
    generator = np.random.default_rng(seed)
    sizes, counts = np.unique(column, return_counts=True)
    shares = counts / len(column)
    means = [
        generator.multinomial(len(column), shares, size=min(BLOCK, TRIALS - first)) @ sizes
        for first in range(0, TRIALS, BLOCK)
    ]
    low, high = np.quantile(np.concatenate(means) / len(column), [0.025, 0.975])
    return float(low), float(high)


def correct_holm(values: Sequence[float]) -> list[float]:
    """The p-values corrected for their number, in the same order (Holm's step-down)."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    corrected = [0.0] * len(values)
    highest = 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, (len(values) - step) * values[place]))
        corrected[place] = highest
    return corrected


def find_detectable(differences: Sequence[float]) -> float | None:
    """The smallest true mean difference that this many questions would show.

    With the spread of these differences, a two-sided test at .05 finds a difference of that size
    four times out of five (normal approximation). ``None`` with fewer than two questions.
    """
    from scipy.stats import norm

    count = len(differences)
    if count < 2:
        return None
    mean = sum(differences) / count
    spread = math.sqrt(sum((value - mean) ** 2 for value in differences) / (count - 1))
    factor = norm.ppf(0.975) + norm.ppf(0.8)
    return float(factor * spread / math.sqrt(count))
