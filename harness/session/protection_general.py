"""Protection from end to end: general ciphering with the key that is declared, general signing, or both."""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec

from harness.protocol import apdu as xdlms
from harness.protocol import security
from harness.protocol.security import CipherKeys, GeneralCiphering, GeneralHeader, GeneralSigning, SecuritySuite
from harness.session.protection_ciphered import CipheredProtection

__all__ = ["GeneralKeys", "GeneralProtection", "KeyChoice"]

T = TypeVar("T")
_INITIATE: Final = frozenset({xdlms.INITIATE_REQUEST_TAG, xdlms.INITIATE_RESPONSE_TAG})
_TRANSACTION_OCTETS: Final = 8
# tag, five lengths, transaction-id and both titles
_HEADER_OCTETS: Final = 1 + 5 + _TRANSACTION_OCTETS + 2 * security.TITLE_OCTETS
_LENGTH_OCTETS: Final = 3


class KeyChoice(StrEnum):
    """Which key protects a general-ciphering."""

    IDENTIFIED = "identified"
    WRAPPED = "wrapped"
    ONE_PASS = "one-pass"  # noqa: S105 (the name of a scheme)
    STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralKeys:
    """What general ciphering and signing need, each its part; nothing of it is ever shown."""

    choice: KeyChoice | None = None
    """None: APDUs are signed and not put into general-ciphering."""
    signed: bool = False
    """Whether requests are signed and answers must be."""
    suite: SecuritySuite
    master_key: bytes | None = field(default=None, repr=False)
    agreement_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)
    """Our static key."""
    peer_agreement_key: ec.EllipticCurvePublicKey | None = field(default=None, repr=False)
    signing_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False)
    peer_signing_key: ec.EllipticCurvePublicKey | None = field(default=None, repr=False)


class GeneralProtection(CipheredProtection):
    """As ``CipheredProtection``, with what ``general_keys`` say around every APDU but those of the association."""

    def __init__(self, *, general_keys: GeneralKeys, **ciphered: Any) -> None:
        """``ciphered`` is what ``CipheredProtection`` takes."""
        super().__init__(**ciphered)
        self._general_keys = general_keys
        point_octets = 2 * general_keys.suite.coordinate_octets
        if general_keys.choice is not None:
            # presence, choice, and at most an ephemeral key with its signature
            self.overhead_octets += _HEADER_OCTETS + 4 + _LENGTH_OCTETS + 2 * point_octets
        if general_keys.signed:
            self.overhead_octets += _HEADER_OCTETS + 2 * _LENGTH_OCTETS + point_octets

    def _is_protected(self, octets: bytes) -> bool:
        return octets[0] in (security.GENERAL_CIPHERING_TAG, security.GENERAL_SIGNING_TAG) or super()._is_protected(
            octets
        )

    def _protected(self, apdu: bytes) -> bytes:
        if apdu[0] in _INITIATE:
            return super()._protected(apdu)
        keys = self._general_keys
        protected = super()._protected(apdu) if keys.choice is None else self._enciphered(apdu)
        if not keys.signed:
            return protected
        if keys.signing_key is None:
            raise ValueError("signing needs a signing key")
        header = self._header(self._counter())
        return GeneralSigning.sign(protected, header=header, key=keys.signing_key, suite=keys.suite.id).to_bytes()

    def _enciphered(self, apdu: bytes) -> bytes:
        counter = self._counter()
        header = self._header(counter)
        info, key = self._key_to_send(header)
        message = GeneralCiphering.seal(
            apdu,
            header=header,
            key=info,
            control=self._control,
            keys=CipherKeys(encryption=key, authentication=self._global.authentication),
            counter=counter,
        )
        return message.to_bytes()

    def _header(self, number: int) -> GeneralHeader:
        """Return a header whose transaction-id is a number from the invocation counter.

        That never comes again, so neither does a transaction-id, nor a key that is derived from it.
        """
        return GeneralHeader(
            transaction_id=number.to_bytes(_TRANSACTION_OCTETS, "big"),
            originator=self.client_title,
            recipient=self.server_title,
        )

    def _key_to_send(self, header: GeneralHeader) -> tuple[security.KeyInfo, bytes]:
        """Return what tells the device the key, and the key."""
        keys = self._general_keys
        match keys.choice:
            case KeyChoice.WRAPPED:
                key = secrets.token_bytes(keys.suite.key_octets)
                return security.WrappedKey(wrapped=security.wrap_key(key, master_key=_there(keys.master_key))), key
            case KeyChoice.ONE_PASS:
                ephemeral = ec.generate_private_key(_there(keys.suite.curve))
                info = security.one_pass(ephemeral, suite=keys.suite, signing_key=keys.signing_key)
                secret = security.shared_secret(ephemeral, _there(keys.peer_agreement_key))
                return info, self._agreed(secret, originator=header.originator, recipient=header.recipient)
            case KeyChoice.STATIC:
                info = security.AgreedKey(parameters=security.Scheme.STATIC.parameters)
                originator = security.static_party(header.originator, header.transaction_id)
                return info, self._agreed(self._static_secret(), originator=originator, recipient=header.recipient)
            case _:
                return security.IdentifiedKey.GLOBAL_UNICAST, self._global.encryption

    def _static_secret(self) -> bytes:
        keys = self._general_keys
        return security.shared_secret(_there(keys.agreement_key), _there(keys.peer_agreement_key))

    def _agreed(self, secret: bytes, *, originator: bytes, recipient: bytes) -> bytes:
        suite = self._general_keys.suite
        return security.agreed_key(secret, suite=suite, originator=originator, recipient=recipient)

    def _unprotected(self, octets: bytes) -> bytes:
        keys = self._general_keys
        if octets[0] != security.GENERAL_SIGNING_TAG:
            plain = self._content(octets)
            if keys.signed and plain[:1] and plain[0] not in _INITIATE:
                raise security.Underprotected(f"{xdlms.tag_name(octets[0])} without a signature", plain)
            return plain
        signing = GeneralSigning.from_bytes(octets)
        self._check_titles(signing.header)
        if keys.peer_signing_key is None:
            raise security.ProtectionMismatch("a signed APDU, and no public key of the device is declared")
        content = signing.open(key=keys.peer_signing_key, suite=keys.suite.id)
        if not content or not self._is_protected(content) or content[0] == security.GENERAL_SIGNING_TAG:
            raise security.Underprotected("a signed APDU that is not ciphered", content)
        return self._content(content)

    def _content(self, octets: bytes) -> bytes:
        if octets[0] != security.GENERAL_CIPHERING_TAG:
            return super()._unprotected(octets)
        message = GeneralCiphering.from_bytes(octets)
        self._check_titles(message.header)
        authentication = self._global.authentication
        key = self._key_received(message)
        opened = message.open(demanded=self.demanded, keys=CipherKeys(encryption=key, authentication=authentication))
        if message.key in (None, security.IdentifiedKey.GLOBAL_UNICAST):
            self._check_rising(message.counter, octets, dedicated=False)
        return opened

    def _check_titles(self, header: GeneralHeader) -> None:
        if header.originator != self.server_title:
            raise security.ProtectionMismatch(
                f"system title {header.originator.hex()} where {self.server_title.hex()} is due"
            )
        if header.recipient not in (b"", self.client_title):
            raise security.ProtectionMismatch(f"an answer for system title {header.recipient.hex()}, which is not ours")

    def _key_received(self, message: GeneralCiphering) -> bytes:
        keys, header = self._general_keys, message.header
        match message.key:
            case None | security.IdentifiedKey.GLOBAL_UNICAST:
                return self._global.encryption
            case security.WrappedKey(wrapped=wrapped) if keys.master_key is not None:
                return security.unwrap_key(wrapped, master_key=keys.master_key)
            case security.AgreedKey(parameters=b"\x01") as info if keys.agreement_key is not None:
                ephemeral = security.announced_key(info, suite=keys.suite, peer_key=keys.peer_signing_key)
                secret = security.shared_secret(keys.agreement_key, ephemeral)
                return self._agreed(secret, originator=header.originator, recipient=self.client_title)
            case security.AgreedKey(parameters=b"\x02") if keys.agreement_key and keys.peer_agreement_key:
                originator = security.static_party(header.originator, header.transaction_id)
                return self._agreed(self._static_secret(), originator=originator, recipient=self.client_title)
            case _:
                raise security.ProtectionMismatch("general ciphering with a key that is not agreed")


def _there(key: T | None) -> T:
    if key is None:
        raise ValueError("general ciphering lacks a key that its choice needs")
    return key
