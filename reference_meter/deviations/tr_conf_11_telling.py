"""TR-Conf.11 and TR-Conf.02: who made a change, in logs that tell it, and how many changes there were."""

from collections.abc import Callable
from random import Random

from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair, integer, long_unsigned, structure

__all__ = ["FAMILIES"]

_LOG, _BESIDE = "TR-Conf.11a", "logs-tell-client"


@deviation(
    "another-client-told",
    _LOG,
    about="The log names another client than the one that made the change.",
    variant=_BESIDE,
)
def another_client_told(meter: Meter, rng: Random) -> None:
    """Draw whether that is the first one to associate, the same one always, or nobody."""
    kind, server = rng.choice(("first", "same", "nobody")), meter.configuration.link.server_saps[0]
    clients = [client.sap for client in meter.configuration.clients]
    seen: list[int] = []

    def authenticated(original: Callable[..., None], client: int, *rest: object) -> None:
        seen.append(client)
        original(client, *rest)

    def partners(original: Callable[[], Pair]) -> Pair:
        right = original()
        told = {"first": (seen or clients)[0], "same": clients[-1], "nobody": 0}[kind]
        wrong = structure(integer(told), long_unsigned(server if told else 0))
        if wrong != right:
            meter.fire()
        return wrong

    wrap(meter.model.parts.attacks, "authenticated", authenticated)
    wrap(meter.model.parts.logs, "partners", partners)


@deviation("count-of-changes-lost-with-power", "TR-Conf.02a", _LOG, about="A power cut sets the count of changes back.")
def count_lost(meter: Meter, rng: Random) -> None:
    """Draw whether the number goes, or the date of the last change."""
    changes, number = meter.model.parts.audit.changes, rng.choice((True, False))
    made_at = changes.changed_at

    def restore_power(original: Callable[[], None]) -> None:
        original()
        if number and changes.number:
            meter.fire()
            changes.number = 0
        elif not number and changes.changed_at != made_at:
            meter.fire()
            changes.changed_at = made_at

    wrap(meter.model.parts, "restore_power", restore_power)


FAMILIES = (another_client_told, count_lost)
