"""What the families of ciphering have in common: they begin with the protection of each association."""

from collections.abc import Callable

from reference_meter.codec.acse import Aarq
from reference_meter.deviations.family import wrap
from reference_meter.meter import Meter
from reference_meter.security.ciphering import AUTHENTICATION, ENCRYPTION, TAG_OCTETS, Header, unseal
from reference_meter.security.protected_apdu import ProtectedApdu
from reference_meter.server.association import Association
from reference_meter.server.ciphered_protection import CipheredProtection, CipherKey
from reference_meter.server.model_port import ClientProfile
from reference_meter.server.protection import Protection

__all__ = ["IsFresh", "association_of", "each_protection", "fresh_all_the_same", "unchecked"]

IsFresh = Callable[[ProtectedApdu, CipherKey], bool]


def each_protection(meter: Meter, adapt: Callable[[CipheredProtection], None]) -> None:
    """Adapt the protection of every ciphered association when it begins."""

    def protection_for(original: Callable[..., Protection], profile: ClientProfile | None, aarq: Aarq) -> Protection:
        protection = original(profile, aarq)
        if isinstance(protection, CipheredProtection):
            adapt(protection)
        return protection

    wrap(meter.server.associations, "protection_for", protection_for)


def fresh_all_the_same(meter: Meter, which: Callable[[CipheredProtection, ProtectedApdu, CipherKey], bool]) -> None:
    """Take certain messages for fresh though their counter says that they are not."""

    def adapt(protection: CipheredProtection) -> None:
        def is_fresh(original: IsFresh, message: ProtectedApdu, key: CipherKey) -> bool:
            if original(message, key) or not which(protection, message, key):
                return original(message, key)
            meter.fire()
            return True

        wrap(protection, "is_fresh", is_fresh)

    each_protection(meter, adapt)


def association_of(meter: Meter, protection: CipheredProtection) -> Association | None:
    """The open association that a protection belongs to, if it is open already."""
    return next((one for one in meter.server.associations.open.values() if one.protection is protection), None)


def unchecked(protection: CipheredProtection, message: ProtectedApdu, key: CipherKey) -> bytes:
    """Open a message without looking at its tag."""
    text = message.body[:-TAG_OCTETS] if message.control & AUTHENTICATION else message.body
    header = Header(control=ENCRYPTION, title=protection.client_title, counter=message.counter)
    return unseal(text, header, key.keys) if message.control & ENCRYPTION else text
