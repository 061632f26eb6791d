"""How long something takes: a spread of times, as a profile names it, and numbers drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from math import log, sqrt
from random import Random
from typing import Annotated

from msgspec import Meta

from broker.settings import Settings

__all__ = [
    "Constant",
    "Exponential",
    "Gamma",
    "Lognormal",
    "NotNegative",
    "Positive",
    "Spread",
    "Uniform",
    "drawer",
    "mean_of",
]

NotNegative = Annotated[float, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]


class Constant(Settings, frozen=True, tag_field="spread", tag="constant"):
    value: NotNegative


class Uniform(Settings, frozen=True, tag_field="spread", tag="uniform"):
    least: NotNegative
    most: NotNegative


class Exponential(Settings, frozen=True, tag_field="spread", tag="exponential"):
    mean: Positive


class Lognormal(Settings, frozen=True, tag_field="spread", tag="lognormal"):
    """`cv` is the standard deviation divided by the mean."""

    mean: Positive
    cv: Positive


class Gamma(Settings, frozen=True, tag_field="spread", tag="gamma"):
    """`cv` is the standard deviation divided by the mean."""

    mean: Positive
    cv: Positive


Spread = Constant | Uniform | Exponential | Lognormal | Gamma
"""The unit is that of the key it stands under: `service_min`, `walking_s`."""


def mean_of(spread: Spread) -> float:
    """What many draws come to on the average.

    >>> mean_of(Uniform(least=2, most=4))
    3.0
    """
    match spread:
        case Constant(value=value):
            return value
        case Uniform(least=least, most=most):
            return (least + most) / 2
        case Exponential(mean=mean) | Lognormal(mean=mean) | Gamma(mean=mean):
            return mean


def drawer(spread: Spread, unit_ms: int) -> Callable[[Random], int]:
    """A function that draws whole milliseconds; the spread is in units of `unit_ms`.

    >>> drawer(Constant(value=1.5), 60_000)(Random(1))
    90000
    """
    match spread:
        case Constant(value=value):
            fixed = round(value * unit_ms)
            return lambda _: fixed
        case Uniform(least=least, most=most):
            low, width = least * unit_ms, (most - least) * unit_ms
            return lambda rng: round(low + width * rng.random())
        case Exponential(mean=mean):
            rate = 1 / (mean * unit_ms)
            return lambda rng: round(rng.expovariate(rate))
        case Lognormal(mean=mean, cv=cv):
            sigma = sqrt(log(1 + cv * cv))
            mu = log(mean * unit_ms) - sigma * sigma / 2
            return lambda rng: round(rng.lognormvariate(mu, sigma))
        case Gamma(mean=mean, cv=cv):
            shape = 1 / (cv * cv)
            scale = mean * unit_ms / shape
            return lambda rng: round(rng.gammavariate(shape, scale))
