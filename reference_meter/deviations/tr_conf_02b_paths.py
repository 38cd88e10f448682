"""Deviations from TR-Conf.02b: ways of writing that pass rights by, and challenges that can be foreseen."""

from collections.abc import Callable
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.overwriting import ACCESS, BLOCKS, LIST, LIST_BLOCKS, UNCONFIRMED, take_path
from reference_meter.meter import Meter
from reference_meter.model.objects import DataAccessResult
from reference_meter.server.model_port import Selection

_CLAUSE = "TR-Conf.02b"


@deviation(
    "right-passed-by-another-path",
    _CLAUSE,
    about="A parameter that a client may not write by SET is written for it by another way.",
)
def right_passed_by_another_path(meter: Meter, rng: Random) -> None:
    """Draw the way and the kind of client."""
    wanted, role = rng.choice((LIST, BLOCKS, LIST_BLOCKS, ACCESS, UNCONFIRMED)), rng.choice(("public", "reading"))
    clients = {client.sap for client in meter.configuration.clients if client.role == role}
    managers = [client.sap for client in meter.configuration.clients if client.role == "management"]
    path = take_path(meter)

    def write(
        original: Callable[..., int],
        client: int,
        class_id: int,
        obis: bytes,
        attribute: int,
        selection: Selection | None,
        data: Pair,
    ) -> int:
        result = original(client, class_id, obis, attribute, selection, data)
        if result == DataAccessResult.SUCCESS or client not in clients or path() != wanted:
            return result
        again = original(managers[0], class_id, obis, attribute, selection, data)
        if again == DataAccessResult.SUCCESS:
            meter.fire()
        return again

    wrap(meter.model, "set", write)


@deviation("challenge-comes-again", _CLAUSE, about="The meter asks challenges again that it has asked before.")
def challenge_comes_again(meter: Meter, rng: Random) -> None:
    """Draw how many it asks in turn."""
    number = rng.randint(1, 3)
    asked: list[bytes] = []

    def challenge(original: Callable[[], bytes]) -> bytes:
        if len(asked) < number:
            asked.append(original())
        else:
            meter.fire()
            asked.append(asked.pop(0))
        return asked[-1]

    wrap(meter.server.associations, "make_challenge", challenge)


FAMILIES = (right_passed_by_another_path, challenge_comes_again)
