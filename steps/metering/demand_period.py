"""The period over which the device averages demand: as its demand register states it, else as declared."""

from harness.errors import Inconclusive
from harness.headend.client import Client, item
from harness.headend.registers import number_in
from harness.run.trial import Trial

__all__ = ["demand_interval_s", "demand_period_s", "stated_demand_period_s"]

_PERIOD, _NUMBER_OF_PERIODS = 8, 9


def stated_demand_period_s(trial: Trial, client: Client) -> int | None:
    """Return what the demand register or the declaration says; None where neither does."""
    return _stated(trial, client, (_PERIOD, _NUMBER_OF_PERIODS))


def demand_period_s(trial: Trial, client: Client) -> int:
    """Return the demand period; raises ``Inconclusive`` where nothing says it."""
    return _known(stated_demand_period_s(trial, client))


def demand_interval_s(trial: Trial, client: Client) -> int:
    """Return how often the demand changes: the period, or the part of it by which a sliding one moves on."""
    return _known(_stated(trial, client, (_PERIOD,)))


def _stated(trial: Trial, client: Client, factors: tuple[int, ...]) -> int | None:
    if not isinstance(trial.declaration.objects_of("average_demand_import"), tuple):
        return trial.declaration.metering.demand_period_s
    register = trial.object("average_demand_import")
    period_s = 1
    for attribute in factors:
        period_s *= int(number_in(client.read(item(register, attribute))))
    return period_s


def _known(period_s: int | None) -> int:
    if period_s is None:
        raise Inconclusive("nothing says the demand period (metering.demand_period_s)", missing="declaration")
    return period_s
