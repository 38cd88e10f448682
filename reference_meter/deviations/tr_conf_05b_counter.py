"""TR-Conf.05, second sentence: the invocation counters of requests, wherever they come from and whatever happens."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.deviations.ciphering import IsFresh, association_of, each_protection, fresh_all_the_same
from reference_meter.deviations.family import deviation, wrap
from reference_meter.meter import Meter
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.security.store import Counters
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey

__all__ = ["FAMILIES"]

_CLAUSE = "TR-Conf.05b"
_GLO_INITIATE_REQUEST = 0x21


@deviation("dedicated-counter-unchecked", _CLAUSE, about="Under a dedicated key any counter is accepted.")
def dedicated_counter_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    fresh_all_the_same(meter, lambda protection, message, key: message.dedicated)


@deviation("association-counter-unchecked", _CLAUSE, about="In association requests any counter is accepted.")
def association_counter_unchecked(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    fresh_all_the_same(meter, lambda protection, message, key: message.tag == _GLO_INITIATE_REQUEST)


@deviation(
    "counters-lost-with-power", _CLAUSE, about="A power cut loses the accepted counters, so that old requests work."
)
def counters_lost_with_power(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def restore_power(original: Callable[[], None]) -> None:
        original()
        store = meter.model.security
        if store is not None and store.announced_counter():
            meter.fire()
            store.counters.forget_received()

    wrap(meter, "restore_power", restore_power)


@deviation("counters-per-door", _CLAUSE, about="Each kind of door counts by itself, so that requests of others work.")
def counters_per_door(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    of_door: dict[type, Counters] = {}

    def adapt(protection: CipheredProtection) -> None:
        shared = protection.store.counters

        def is_fresh(original: IsFresh, message: ProtectedApdu, key: CipherKey) -> bool:
            association = association_of(meter, protection)
            if association is None or key.counters is not shared:
                return original(message, key)
            own = of_door.setdefault(type(meter.server.links[association.key.link_id]), Counters())
            encryption_key, title = key.keys.encryption, protection.client_title
            fresh = original(message, replace(key, counters=own))
            if fresh:
                own.accept(encryption_key, title, message.counter)
                if message.counter <= shared.last_received(encryption_key, title):
                    meter.fire()
            return fresh

        wrap(protection, "is_fresh", is_fresh)

    each_protection(meter, adapt)


@deviation("counter-step-refused", _CLAUSE, about="Counters that go on by more than a few are refused, though new.")
def counter_step_refused(meter: Meter, rng: Random) -> None:
    """Draw the largest step."""
    most = rng.choice((100, 255, 999))

    def adapt(protection: CipheredProtection) -> None:
        def is_fresh(original: IsFresh, message: ProtectedApdu, key: CipherKey) -> bool:
            last = key.counters.last_received(key.keys.encryption, protection.client_title)
            if association_of(meter, protection) is None or last < 0 or message.counter <= last + most:
                return original(message, key)
            meter.fire()
            return False

        wrap(protection, "is_fresh", is_fresh)

    each_protection(meter, adapt)


@deviation("announced-counter-wrong", _CLAUSE, about="The announced counter is not the last one accepted.")
def announced_counter_wrong(meter: Meter, rng: Random) -> None:
    """Draw by how much it is off."""
    off = rng.choice((-1, 1, 16))
    store = meter.model.security
    if store is None:
        return

    def announced_counter(original: Callable[[], int]) -> int:
        told = original()
        if told < 1:
            return told
        meter.fire()
        return told + off

    wrap(store, "announced_counter", announced_counter)


FAMILIES = (
    dedicated_counter_unchecked,
    association_counter_unchecked,
    counters_lost_with_power,
    counters_per_door,
    counter_step_refused,
    announced_counter_wrong,
)
