"""Where a target will stand if things go on as in the quarters seen.

A seeded simulation with a band, and the pace needed.

Each of ``PATHS`` paths draws its own set of the quarters seen, one fewer and with replacement, and a lasting change of
pace; every quarter to come repeats the rates of one of that set, and people leave, enter and are trained binomially at
those rates. Fewer quarters make a wider band. How often the band held what came is counted by ``backtest``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from course.words import _
from grader.completion.quarters import Quarter, since_training, steps
from grader.ground.errors import ModuongError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATHS = 2000
LEVEL = 80  # per cent of the paths inside the band
LOOK_BACK = 8  # whole quarters, two years: older habits are not expected to return
WAVE = 0.15  # a quarter in which more leave is an election wave: no part of ordinary turnover
FEWEST_QUARTERS = 2
DRIFT = 0.6  # how far the lasting pace may be from one quarter's, on the log scale; chosen by ``backtest``
_QUARTER_DAYS = 365.25 / 4
_NO_WAVES: Mapping[date, float] = MappingProxyType({})


@dataclass(frozen=True)
class Band:
    """The shares (0 to 1) on one day to come, between which ``LEVEL`` per cent of the paths lie."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Basis:
    """The quarters that a forecast rests on: those for training and those for ordinary turnover."""

    training: tuple[Quarter, ...]
    turnover: tuple[Quarter, ...]

    @property
    def exit_rate(self) -> float:
        """Share of the denominator that leaves in an ordinary quarter."""
        return sum(q.left for q in self.turnover) / max(1, sum(q.before for q in self.turnover))

    @property
    def entrants_trained(self) -> float:
        """Share of those entering who are trained by that quarter's end, since training began.

        Half a person as a prior.
        """
        return (sum(q.entered_trained for q in self.training) + 0.5) / (sum(q.entered for q in self.training) + 1)


@dataclass(frozen=True)
class Outlook:
    """A forecast to the day by which a target is to be met.

    Attributes:
        bands: one for each quarter's end to come; the last is the due day.
        chance: share of the paths that meet the goal on the due day.
        basis: what it rests on.
        waves: day -> share of the denominator replaced, as entered.
        seed: of the simulation.
    """

    bands: tuple[Band, ...]
    chance: float
    basis: Basis
    waves: Mapping[date, float]
    seed: int


@dataclass(frozen=True)
class Pace:
    """People to be newly trained each quarter: if nobody leaves, and with ordinary turnover and the waves entered."""

    quarters: float
    without_turnover: int
    with_turnover: int


@dataclass(frozen=True)
class Backtest:
    """How often the band of a forecast made in the past held the figure that came."""

    inside: int
    trials: int


def wave(text: str) -> tuple[date, float]:
    """Return an election as entered: ``2028-10-15=35`` means that 35 % of those in office are replaced by that day.

    Raises:
        ModuongError: ``E-WAVE-1`` not of that form.
    """
    day, _sign, share = text.partition("=")
    try:
        found = date.fromisoformat(day.strip()), float(share.replace(",", ".")) / 100
    except ValueError:
        found = date.min, math.nan
    if not 0 <= found[1] <= 1:
        raise ModuongError(
            "E-WAVE-1",
            _("«{text}» không phải một đợt đại hội; hãy viết ngày=phần trăm thay mới, ví dụ 2028-10-15=35.", text=text),
        )
    return found


def basis(quarters: Sequence[Quarter]) -> Basis | None:
    """Return the quarters a forecast may rest on, or None when there are too few."""
    training = since_training(quarters)[-LOOK_BACK:]
    if len(training) < FEWEST_QUARTERS:
        return None
    recent = [q for q in quarters if q.whole and q.before][-LOOK_BACK:]
    calm = [q for q in recent if q.left < WAVE * q.before]
    return Basis(training, tuple(calm or recent))


def project(
    quarters: Sequence[Quarter],
    goal: tuple[int, int],
    by: date,
    *,
    waves: Mapping[date, float] = _NO_WAVES,
    seed: int = 1,
) -> Outlook | None:
    """Return the forecast from the end of ``quarters`` to ``by``; None when the day is past or too little was seen.

    Args:
        quarters: in order of time; the last may be a part of a quarter.
        goal: (n, d): met when d·N ≥ n·D.
        by: the due day.
        waves: elections to come: day -> share of those in office replaced (0 to 1).
        seed: the same seed gives the same forecast.
    """
    found = basis(quarters)
    days = steps(quarters[-1].end, by) if quarters else ()
    if found is None or not days or not quarters[-1].denominator:
        return None
    trained, untrained = _simulate(quarters[-1], found, days, waves, seed)
    shares = trained / (trained + untrained).clip(min=1)
    bands = tuple(Band(day, *map(float, _quantiles(shares[i]))) for i, day in enumerate(days))
    met = goal[1] * trained[-1] >= goal[0] * (trained[-1] + untrained[-1])
    return Outlook(bands, float(met.mean()), found, dict(waves), seed)


def _quantiles(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    edge = (1 - LEVEL / 100) / 2
    return np.quantile(shares, [edge, 0.5, 1 - edge])


def _simulate(
    last: Quarter, found: Basis, days: Sequence[date], waves: Mapping[date, float], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the trained and the untrained: a row for each day, a column for each path."""
    import numpy as np

    rng = np.random.default_rng(seed)
    training = rng.integers(len(found.training), size=(max(1, len(found.training) - 1), PATHS))
    turnover = rng.integers(len(found.turnover), size=(max(1, len(found.turnover) - 1), PATHS))
    rates = _rates(found)
    drift = np.exp(rng.normal(0, DRIFT / math.sqrt(len(found.training)), PATHS))
    trained = np.full(PATHS, last.numerator)
    untrained = np.full(PATHS, last.denominator - last.numerator)
    history = []
    start = last.end
    paths = np.arange(PATHS)
    for day in days:
        part = min(1.0, (day - start).days / _QUARTER_DAYS)
        hazard = rng.beta(*rates["trained"][:, training[rng.integers(len(training), size=PATHS), paths]])
        calm = turnover[rng.integers(len(turnover), size=PATHS), paths]
        replaced = _replaced(waves, start, day)
        leaving = 1 - (1 - rng.beta(*rates["left"][:, calm])) ** part * (1 - replaced)
        everybody = trained + untrained
        trained = trained - rng.binomial(trained, leaving)
        untrained = untrained - rng.binomial(untrained, leaving)
        newly = rng.binomial(untrained, 1 - (1 - hazard) ** (part * drift))
        entering = 1 - (1 - rng.beta(*rates["entered"][:, calm])) ** part * (1 - replaced)
        entered = rng.binomial(everybody, entering)
        ready = rng.binomial(entered, found.entrants_trained)
        trained, untrained, start = trained + newly + ready, untrained - newly + entered - ready, day
        history.append((trained, untrained))
    return np.array([t for t, _ in history]), np.array([u for _, u in history])


def _rates(found: Basis) -> dict[str, NDArray[np.float64]]:
    """Return for each rate the two numbers of a beta distribution per quarter.

    Happened and did not, half a person added.
    """
    import numpy as np

    def beta(pairs: list[tuple[int, int]]) -> NDArray[np.float64]:
        return np.array([(min(n, d) + 0.5, max(0, d - n) + 0.5) for n, d in pairs]).T

    return {
        "trained": beta([(q.newly, q.untrained) for q in found.training]),
        "left": beta([(q.left, q.before) for q in found.turnover]),
        "entered": beta([(q.entered, q.before) for q in found.turnover]),
    }


def _replaced(waves: Mapping[date, float], start: date, end: date) -> float:
    """Return the share replaced by the waves after ``start`` up to ``end``."""
    return 1 - math.prod(1 - part for day, part in waves.items() if start < day <= end)


def pace(
    last: Quarter, found: Basis | None, goal: tuple[int, int], by: date, waves: Mapping[date, float] = _NO_WAVES
) -> Pace | None:
    """Return how many must be newly trained each quarter to meet the goal on ``by``; None when that day is past.

    The denominator is taken to stay as it is; those who leave are replaced.
    """
    days = steps(last.end, by)
    if not days:
        return None
    quarters = (by - last.end).days / _QUARTER_DAYS
    needed = -(-goal[0] * last.denominator // goal[1])
    idle = _expected(last, found, days, waves, 0)
    each = _expected(last, found, days, waves, 1) - idle
    return Pace(
        quarters=quarters,
        without_turnover=max(0, math.ceil((needed - last.numerator) / quarters)),
        with_turnover=max(0, math.ceil((needed - idle) / each)),
    )


def _expected(
    last: Quarter, found: Basis | None, days: Sequence[date], waves: Mapping[date, float], newly: float
) -> float:
    """Return the numerator expected on the last day when ``newly`` people are trained each quarter."""
    rate, ready = (found.exit_rate, found.entrants_trained) if found else (0.0, 0.0)
    trained, start = float(last.numerator), last.end
    for day in days:
        part = (day - start).days / _QUARTER_DAYS
        leaving = 1 - (1 - rate) ** part * (1 - _replaced(waves, start, day))
        trained += newly * part + leaving * (last.denominator * ready - trained)
        start = day
    return trained


def backtest(quarters: Sequence[Quarter], *, seed: int = 1) -> Backtest:
    """Forecast from every past quarter to each later one, and count how often the band held what came."""
    inside = trials = 0
    for index in range(1, len(quarters)):
        later = [q for q in quarters[index:] if q.whole and q.denominator]
        outlook = project(quarters[:index], (1, 1), later[-1].end, seed=seed) if later else None
        bands = {band.day: band for band in outlook.bands} if outlook else {}
        for came in later:
            band = bands.get(came.end)
            if band:
                trials += 1
                inside += band.low <= came.numerator / came.denominator <= band.high
    return Backtest(inside, trials)
