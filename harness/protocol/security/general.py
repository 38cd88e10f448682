"""General ciphering and general signing: protection from end to end.

Both begin with the same header, which is authenticated or signed in the octets that travel, lengths included. Of
the content that is signed, the length is left out.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from harness.errors import DecodeError
from harness.protocol.apdu.reader import Reader, push_octets
from harness.protocol.security.cipher import COUNTER_OCTETS, TITLE_OCTETS, CipherKeys, seal, unseal
from harness.protocol.security.control import SecurityControl
from harness.protocol.security.fault import Underprotected
from harness.protocol.security.key_info import KeyInfo, pull_key_info, push_key_info
from harness.protocol.security.signature import check_signature, sign
from harness.protocol.security.suite import SUITES, SuiteId

__all__ = ["GENERAL_CIPHERING_TAG", "GENERAL_SIGNING_TAG", "GeneralCiphering", "GeneralHeader", "GeneralSigning"]

GENERAL_CIPHERING_TAG: Final = 0xDD
GENERAL_SIGNING_TAG: Final = 0xDF


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralHeader:
    """What stands before the content of both APDUs."""

    transaction_id: bytes = b""
    originator: bytes
    """System title of the sender."""
    recipient: bytes = b""
    """System title of the receiver; empty for everybody."""
    date_time: bytes = b""
    other_information: bytes = b""

    @classmethod
    def pull(cls, reader: Reader) -> "GeneralHeader":
        """Read it; raises ``DecodeError``."""
        header = cls(
            transaction_id=reader.octet_string(),
            originator=reader.octet_string(),
            recipient=reader.octet_string(),
            date_time=reader.octet_string(),
            other_information=reader.octet_string(),
        )
        if len(header.originator) != TITLE_OCTETS or len(header.recipient) not in (0, TITLE_OCTETS):
            raise DecodeError("a system title of wrong length in the header of general protection")
        return header

    def to_bytes(self) -> bytes:
        """Encode it."""
        fields = (self.transaction_id, self.originator, self.recipient, self.date_time, self.other_information)
        return b"".join(push_octets(field) for field in fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralCiphering:
    """general-ciphering; which octets the key of ``key`` has is for those to say who have the keys behind it."""

    header: GeneralHeader
    key: KeyInfo | None
    """None where the field is absent."""
    control: SecurityControl
    counter: int
    content: bytes
    """Text, and the tag behind it where authenticated."""

    @classmethod
    def seal(
        cls,
        apdu: bytes,
        *,
        header: GeneralHeader,
        key: KeyInfo | None,
        control: SecurityControl,
        keys: CipherKeys,
        counter: int,
    ) -> "GeneralCiphering":
        """Protect an APDU."""
        content = seal(
            apdu,
            control=control,
            keys=keys,
            system_title=header.originator,
            counter=counter,
            header=header.to_bytes(),
        )
        return cls(header=header, key=key, control=control, counter=counter, content=content)

    def open(self, *, demanded: SecurityControl, keys: CipherKeys) -> bytes:
        """Return the plain APDU, which must be protected as ``demanded`` or better.

        Raises ``BadTag``, ``DecodeError``, ``ProtectionMismatch``, and ``Underprotected`` with the plain octets.
        """
        self.control.check_kind(demanded)
        plain = unseal(
            self.content,
            control=self.control,
            keys=keys,
            system_title=self.header.originator,
            counter=self.counter,
            header=self.header.to_bytes(),
        )
        if not self.control.holds(demanded):
            raise Underprotected(f"{self.control.describe()} where due is {demanded.describe()}", plain)
        return plain

    @classmethod
    def from_bytes(cls, octets: bytes) -> "GeneralCiphering":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, GENERAL_CIPHERING_TAG)
        header = GeneralHeader.pull(reader)
        key = pull_key_info(reader)
        inner = Reader(reader.octet_string())
        reader.end()
        control = SecurityControl.from_octet(inner.unsigned(1))
        counter = inner.unsigned(COUNTER_OCTETS)
        return cls(header=header, key=key, control=control, counter=counter, content=inner.octets[inner.offset :])

    def to_bytes(self) -> bytes:
        """Encode it."""
        inner = bytes((self.control.to_octet(),)) + self.counter.to_bytes(COUNTER_OCTETS, "big") + self.content
        head = bytes((GENERAL_CIPHERING_TAG,)) + self.header.to_bytes()
        return head + push_key_info(self.key) + push_octets(inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralSigning:
    """general-signing."""

    header: GeneralHeader
    content: bytes
    """The signed APDU, plain or ciphered."""
    signature: bytes

    @classmethod
    def sign(
        cls, apdu: bytes, *, header: GeneralHeader, key: ec.EllipticCurvePrivateKey, suite: SuiteId
    ) -> "GeneralSigning":
        """Sign header and APDU."""
        signature = sign(header.to_bytes() + apdu, key=key, suite=SUITES[suite])
        return cls(header=header, content=apdu, signature=signature)

    def open(self, *, key: ec.EllipticCurvePublicKey, suite: SuiteId) -> bytes:
        """Return the APDU; raises ``BadSignature`` unless the owner of ``key`` signed it."""
        check_signature(self.signature, self.header.to_bytes() + self.content, key=key, suite=SUITES[suite])
        return self.content

    @classmethod
    def from_bytes(cls, octets: bytes) -> "GeneralSigning":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, GENERAL_SIGNING_TAG)
        signing = cls(header=GeneralHeader.pull(reader), content=reader.octet_string(), signature=reader.octet_string())
        reader.end()
        return signing

    def to_bytes(self) -> bytes:
        """Encode it."""
        return (
            bytes((GENERAL_SIGNING_TAG,))
            + self.header.to_bytes()
            + push_octets(self.content)
            + push_octets(self.signature)
        )
