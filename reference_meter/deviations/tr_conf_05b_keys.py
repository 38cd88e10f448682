"""TR-Conf.05, second sentence, where keys are changed: what comes under a key of before is wrongly ciphered."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.ciphering import each_protection
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.model.data import Pair
from reference_meter.model.objects import Method
from reference_meter.security.ciphering import Undecipherable
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.security.store import KeySet
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey
from reference_meter.server.model_port import AccessRefused

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_KEY_TRANSFER = 2

Open = Callable[[ProtectedApdu, CipherKey], bytes]
Invoke = Callable[[Pair | None], None]


@deviation("old-key-holds", _CLAUSE, about="After a key transfer requests under a key of before are served too.")
def old_key_holds(meter: Meter, rng: Random) -> None:
    """Draw whether the unicast or the authentication key of before holds."""
    name = rng.choice(("unicast", "authentication"))
    known: list[KeySet] = []

    def adapt(protection: CipheredProtection) -> None:
        note()

        def open_message(original: Open, message: ProtectedApdu, key: CipherKey) -> bytes:
            note()
            try:
                return original(message, key)
            except Undecipherable:
                for before in known[:-1]:
                    part = {"unicast": {"encryption": before.unicast}}.get(
                        name, {"authentication": before.authentication}
                    )
                    try:
                        plain = original(message, replace(key, keys=replace(key.keys, **part)))
                    except Undecipherable:
                        continue
                    meter.fire()
                    return plain
                raise

        wrap(protection, "open", open_message)

    def note() -> None:
        store = meter.model.security
        if store is not None and (not known or known[-1] != store.keys):
            known.append(store.keys)

    each_protection(meter, adapt)


def around_transfer(meter: Meter, around: Callable[[Invoke, Pair | None], None]) -> None:
    """Put ``around`` in the place of the key transfer of the head end's security setup."""
    setup = meter.model.objects.get(meter.configuration.instances.security_setup)
    if setup is None:
        return
    transfer = setup.methods[_KEY_TRANSFER]

    def invoke(parameter: Pair | None) -> None:
        around(transfer.invoke, parameter)

    setup.methods[_KEY_TRANSFER] = Method(invoke=invoke, callers=transfer.callers)


@deviation("wrong-key-taken", _CLAUSE, about="A key transfer that must be refused is reported as a success.")
def wrong_key_taken(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def around(original: Invoke, parameter: Pair | None) -> None:
        try:
            original(parameter)
        except AccessRefused:
            meter.fire()

    around_transfer(meter, around)


@deviation("keys-half-taken", _CLAUSE, about="Of several keys in one transfer only one is taken.")
def keys_half_taken(meter: Meter, rng: Random) -> None:
    """Draw which one."""
    position = rng.choice((0, -1))

    def around(original: Invoke, parameter: Pair | None) -> None:
        if parameter is not None and isinstance(parameter[1], list) and len(parameter[1]) > 1:
            meter.fire()
            parameter = (parameter[0], [parameter[1][position]])
        original(parameter)

    around_transfer(meter, around)


@deviation("new-key-not-taken", _CLAUSE, about="A key transfer is reported as a success and changes nothing.")
def new_key_not_taken(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def around(original: Invoke, parameter: Pair | None) -> None:
        store = meter.model.security
        before = store.keys if store is not None else None
        original(parameter)
        if store is not None and before is not None:
            meter.fire()
            store.keys = before

    around_transfer(meter, around)


@deviation(
    "refused-transfer-loses-keys", _CLAUSE, about="A key transfer that is refused leaves the meter without keys."
)
def refused_transfer_loses_keys(meter: Meter, rng: Random) -> None:
    """Draw which key is lost."""
    name = rng.choice(("unicast", "authentication"))

    def around(original: Invoke, parameter: Pair | None) -> None:
        store = meter.model.security
        try:
            original(parameter)
        except AccessRefused:
            if store is not None:
                meter.fire()
                store.keys = replace(store.keys, **{name: bytes(len(store.keys.unicast))})
            raise

    around_transfer(meter, around)


@deviation("new-keys-lost-with-power", _CLAUSE, about="New keys are kept in volatile memory: a power cut loses them.")
def new_keys_lost_with_power(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    store = meter.model.security
    factory = store.keys if store is not None else None

    def cut_power(original: Callable[[], None]) -> None:
        original()
        if store is not None and factory is not None and store.keys != factory:
            meter.fire()
            store.keys = factory

    wrap(meter, "cut_power", cut_power)


FAMILIES = (
    new_keys_lost_with_power,
    old_key_holds,
    wrong_key_taken,
    keys_half_taken,
    new_key_not_taken,
    refused_transfer_loses_keys,
)
