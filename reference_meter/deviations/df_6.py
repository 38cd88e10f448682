"""DF.6: keys never cross an interface in the clear, and travel wrapped."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from reference_meter.codec.axdr import Pair
from reference_meter.deviations.ciphering import association_of, each_protection
from reference_meter.deviations.family import deviation, wrap
from reference_meter.deviations.tr_conf_05b_keys import Invoke, around_transfer
from reference_meter.meter import Meter
from reference_meter.model.data import octet_string
from reference_meter.model.objects import ALL
from reference_meter.security.store import SecurityStore
from reference_meter.server.ciphered_protection import CipheredProtection
from reference_meter.server.model_port import AccessRefused
from reference_meter.server.protection_faults import InsufficientProtection

__all__ = ["FAMILIES"]

_CLAUSE = "DF.6"
_ASSOCIATION_CLASS, _SECRET, _CLIENT_TITLE, _CERTIFICATES = 15, 7, 4, 6
_KEY_TRANSFER_REQUEST = b"\xc3\x01"
_SECURITY_SETUP_CLASS = b"\x00\x40"
_WRAPPED_OCTETS = 24


@deviation("association-shows-its-secret", _CLAUSE, about="A client can read the secret of its own association.")
def association_shows_its_secret(meter: Meter, rng: Random) -> None:
    """Draw the client among those with a password."""
    client = rng.choice([client for client in meter.configuration.clients if client.secret]).sap
    association = meter.model.find(client, _ASSOCIATION_CLASS, meter.configuration.instances.association)
    secret = association.attributes[_SECRET]

    def read() -> Pair:
        meter.fire()
        return secret.read()

    association.attributes[_SECRET] = replace(secret, read=read, readers=ALL)


def _store(meter: Meter) -> SecurityStore:
    if meter.model.security is None:
        raise ValueError("this meter has no keys")
    return meter.model.security


@deviation("security-setup-shows-a-key", _CLAUSE, about="An attribute of the security setup gives a key.")
def security_setup_shows_a_key(meter: Meter, rng: Random) -> None:
    """Draw the attribute, the key and how much stands before it."""
    name = rng.choice(("unicast", "authentication", "master", "broadcast"))
    number = rng.choice((_CLIENT_TITLE, _CERTIFICATES))
    before = bytes(rng.choice((0, 8)))
    item = meter.model.objects[meter.configuration.instances.security_setup]

    def read() -> Pair:
        meter.fire()
        return octet_string(before + getattr(_store(meter).keys, name))

    item.attributes[number] = replace(item.attributes[number], read=read)


@deviation("key-taken-unwrapped", _CLAUSE, about="A key transfer takes a key that is not wrapped.")
def key_taken_unwrapped(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _taken_all_the_same(meter, lambda octets: len(octets) < _WRAPPED_OCTETS)


@deviation("key-taken-under-any-wrap", _CLAUSE, about="A key transfer takes what another key has wrapped.")
def key_taken_under_any_wrap(meter: Meter, rng: Random) -> None:
    """Draw nothing."""
    _taken_all_the_same(meter, lambda octets: len(octets) >= _WRAPPED_OCTETS)


def _taken_all_the_same(meter: Meter, applies: Callable[[bytes], bool]) -> None:
    """Call a key transfer a success where its first key has this form and would be refused."""

    def around(original: Invoke, parameter: Pair | None) -> None:
        try:
            original(parameter)
        except AccessRefused:
            if parameter is None or not isinstance(parameter[1], list | tuple) or not parameter[1]:
                raise
            (_, fields) = parameter[1][0]
            if not applies(fields[1][1]):
                raise
            meter.fire()

    around_transfer(meter, around)


@deviation(
    "key-transfer-in-the-clear",
    _CLAUSE,
    about="A key transfer is carried out in a ciphered association though it came without ciphering.",
)
def key_transfer_in_the_clear(meter: Meter, rng: Random) -> None:
    """Draw nothing."""

    def adapt(protection: CipheredProtection) -> None:
        def unprotect(original: Callable[[bytes], bytes | None], apdu: bytes) -> bytes | None:
            try:
                return original(apdu)
            except InsufficientProtection:
                asked = apdu[:2] == _KEY_TRANSFER_REQUEST and apdu[3:5] == _SECURITY_SETUP_CLASS
                if not asked or association_of(meter, protection) is None:
                    raise
                meter.fire()
                return apdu

        wrap(protection, "unprotect", unprotect)

    each_protection(meter, adapt)


FAMILIES = (
    association_shows_its_secret,
    security_setup_shows_a_key,
    key_taken_unwrapped,
    key_taken_under_any_wrap,
    key_transfer_in_the_clear,
)
