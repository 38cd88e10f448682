"""What can be wrong with the protection of an APDU, apart from octets that do not decode."""

from harness.errors import ProtocolViolation

__all__ = ["BadSignature", "BadTag", "CounterNotRising", "NotAuthentic", "ProtectionMismatch", "Underprotected"]


class BadTag(ProtocolViolation):
    """The authentication tag does not fit: wrong key, wrong counter or title, or altered octets."""


class BadSignature(ProtocolViolation):
    """The signature does not fit."""


class NotAuthentic(ProtocolViolation):
    """The peer's answer to our challenge is wrong: it does not have the secret."""


class ProtectionMismatch(ProtocolViolation):
    """Protection of another kind than agreed: suite, key set, compression, system title or form of the APDU."""


class CounterNotRising(ProtocolViolation):
    """An invocation counter that is not above the last one of the same key and sender."""


class Underprotected(ProtocolViolation):
    """A plain or too weakly protected APDU where more is due; ``apdu`` are its plain octets."""

    def __init__(self, message: str, apdu: bytes) -> None:
        super().__init__(message)
        self.apdu = apdu
