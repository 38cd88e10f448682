"""What an association with ciphering or high level security needs: suite, policy, titles, keys, counters."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from harness.declaration.certificate import CertificateFile
from harness.declaration.problem import Problem, Problems, listed
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Whole, spelled

__all__ = ["KEY_OCTETS", "CounterSource", "KeyChoiceName", "Policy", "SecurityDeclaration"]

Policy = Literal["authenticated", "encrypted", "authenticated-encrypted"]
CounterSource = Literal["store", "device"]
KeyChoiceName = Literal["identified", "wrapped", "one-pass", "static"]

KEY_OCTETS = {0: 16, 1: 16, 2: 32}
"""Length of the symmetric keys by suite."""

_COORDINATE_OCTETS = {1: 32, 2: 48}
_OF_CURVES = ("signing_key", "agreement_key", "server_certificate", "server_agreement_certificate")
_AGREED = ("one-pass", "static")
_SUITES = "suite = 1, suite = 2"
_SYMMETRIC = ("encryption_key", "authentication_key", "broadcast_key", "master_key")
_TITLE = "a system title: 16 hexadecimal digits"
_POINT = "a public key: hexadecimal digits of both coordinates, 128 in suite 1, 192 in suite 2"

SystemTitle = Annotated[str, AfterValidator(spelled(r"[0-9A-Fa-f]{16}", _TITLE)), Field(description=_TITLE)]
PublicKey = Annotated[
    str, AfterValidator(spelled(r"(?:[0-9A-Fa-f]{128}|[0-9A-Fa-f]{192})", _POINT)), Field(description=_POINT)
]


class SecurityDeclaration(Section):
    """Table ``security`` of an association."""

    suite: Annotated[Literal[0, 1, 2], Whole] = 0
    policy: Policy = "authenticated-encrypted"
    """How requests are protected and what their answers must have at least, in a ciphered context."""
    client_system_title: SystemTitle
    server_system_title: SystemTitle | None = None
    """None: as the device says in its answer to the association request."""
    encryption_key: Secret | None = None
    """Global unicast key."""
    authentication_key: Secret | None = None
    broadcast_key: Secret | None = None
    """Global broadcast key."""
    master_key: Secret | None = None
    """Key that wraps new keys."""
    signing_key: Secret | None = None
    """Our private key of mechanism ``hls-ecdsa``: its number."""
    server_public_key: PublicKey | None = None
    """The device's public key of mechanism ``hls-ecdsa``."""
    dedicated_key: bool = False
    """Whether the client gives each association a key of its own."""
    general_ciphering: bool = False
    """Whether APDUs go as general-glo- and general-ded-ciphering in place of the service-specific forms."""
    key_info: KeyChoiceName | None = None
    """APDUs go as general-ciphering, with the global key, a wrapped one, or one agreed for each (one-pass, static)."""
    signed: bool = False
    """Whether requests are signed (general-signing) and answers must be."""
    server_certificate: CertificateFile | None = None
    """The device's certificate for signatures, in place of ``server_public_key``."""
    agreement_key: Secret | None = None
    """Our private key of key agreement: its number."""
    server_agreement_key: PublicKey | None = None
    """The device's public key of key agreement."""
    server_agreement_certificate: CertificateFile | None = None
    """The device's certificate for key agreement, in place of ``server_agreement_key``."""
    counter: CounterSource = "store"
    """``device``: the invocation counter also starts above what the device announces (objects.invocation_counter)."""

    @property
    def authenticated(self) -> bool:
        """Whether the policy asks for authentication."""
        return self.policy != "encrypted"

    @property
    def encrypted(self) -> bool:
        """Whether the policy asks for encryption."""
        return self.policy != "authenticated"

    @property
    def client_title(self) -> bytes:
        """The client's system title as octets."""
        return bytes.fromhex(self.client_system_title)

    @property
    def server_title(self) -> bytes | None:
        """The device's system title as octets, where declared."""
        return None if self.server_system_title is None else bytes.fromhex(self.server_system_title)

    @property
    def server_point(self) -> bytes | None:
        """The device's public key as octets, where declared."""
        return None if self.server_public_key is None else bytes.fromhex(self.server_public_key)

    @property
    def server_agreement_point(self) -> bytes | None:
        """The device's public key of key agreement as octets, where declared."""
        return None if self.server_agreement_key is None else bytes.fromhex(self.server_agreement_key)

    @property
    def is_general(self) -> bool:
        """Whether APDUs go as general-ciphering or general-signing."""
        return self.key_info is not None or self.signed

    @model_validator(mode="after")
    def _keys_fit_suite(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise Problems(problems)
        return self

    def _problems(self) -> Iterator[Problem]:
        due = KEY_OCTETS[self.suite]
        for key in _SYMMETRIC:
            secret = getattr(self, key)
            # A reference is fetched when the run begins, a literal is there to be looked at.
            if secret is not None and secret.is_literal and len(secret.reveal()) != due:
                yield Problem(
                    path=(key,), wrong="has a wrong length (not shown)", allowed=f"{due} octets in suite {self.suite}"
                )
        coordinate = _COORDINATE_OCTETS.get(self.suite, 0)
        for key, point in (
            ("server_public_key", self.server_point),
            ("server_agreement_key", self.server_agreement_point),
        ):
            if point is not None and len(point) != 2 * coordinate:
                allowed = f"{4 * coordinate} hexadecimal digits" if coordinate else "no such key in suite 0"
                yield Problem(path=(key,), wrong=f"does not fit suite {self.suite}", allowed=allowed)
        for key in _OF_CURVES:
            if getattr(self, key) is not None and not coordinate:
                what = "key agreement" if "agreement" in key else "signatures"
                yield Problem(path=(key,), wrong=f"does not fit suite 0, which has no {what}", allowed=_SUITES)
        if not coordinate and (self.signed or self.key_info in _AGREED):
            key = "signed" if self.signed else "key_info"
            what = "signatures" if self.signed else "key agreement"
            yield Problem(path=(key,), wrong=f"does not fit suite 0, which has no {what}", allowed=_SUITES)
        for key, certificate in (
            ("server_public_key", "server_certificate"),
            ("server_agreement_key", "server_agreement_certificate"),
        ):
            if getattr(self, key) is not None and getattr(self, certificate) is not None:
                yield Problem(path=(certificate,), wrong=f"stands beside {key}", allowed="one of the two")

    def lacking_for_general(self) -> list[Problem]:
        """A problem for each key that general ciphering or signing needs and that is not declared."""
        lacking: list[Problem] = []
        if self.key_info == "wrapped":
            lacking += self.lacks("master_key", because="key_info is wrapped")
        if self.key_info in _AGREED:
            because = f"key_info is {self.key_info}"
            lacking += self.lacks("agreement_key", because=because)
            if self.server_agreement_certificate is None:
                lacking += self.lacks("server_agreement_key", because=because)
        if self.signed:
            lacking += self.lacks("signing_key", because="signed is true")
            if self.server_certificate is None:
                lacking += self.lacks("server_public_key", because="signed is true")
        return lacking

    def lacks(self, *keys: str, because: str) -> list[Problem]:
        """A problem for each of ``keys`` that is not declared."""
        return [
            Problem(path=("security", key), wrong=f"is missing, because {because}", allowed=_allowed(key))
            for key in keys
            if getattr(self, key) is None
        ]


def _allowed(key: str) -> str:
    return (
        _POINT if key in ("server_public_key", "server_agreement_key") else listed(('a reference such as "env:NAME"',))
    )
