"""How far a figure from a class of this size may be off: 95 % intervals for shares and correlations."""

import math
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return Wilson's score interval of a share. It stays within 0 and 1, and works where nobody or everybody is right.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22.
    """
    if not count:
        return 0.0, 1.0
    share, shrink = hits / count, 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / shrink
    half = _Z / shrink * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def fisher(correlation: float, count: int) -> tuple[float, float]:
    """Return the interval of a correlation by Fisher's transformation. It takes more than three pairs."""
    if count <= 3:
        return -1.0, 1.0
    if abs(correlation) >= 1:
        return correlation, correlation
    middle, half = math.atanh(correlation), _Z / math.sqrt(count - 3)
    return math.tanh(middle - half), math.tanh(middle + half)
