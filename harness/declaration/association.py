"""The application associations that the device offers."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.problem import Problem, Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Slug
from harness.declaration.security import SecurityDeclaration

__all__ = ["CONFORMANCE_DEFAULT", "AssociationDeclaration", "AssociationRole", "ConformanceName", "Mechanism"]

AssociationRole = Literal["public", "reading", "management", "other"]
Mechanism = Literal["none", "lls", "hls-manufacturer", "hls-md5", "hls-sha1", "hls-gmac", "hls-sha256", "hls-ecdsa"]
_MECHANISM_IDS: Mapping[Mechanism, int] = {
    "none": 0,
    "lls": 1,
    "hls-manufacturer": 2,
    "hls-md5": 3,
    "hls-sha1": 4,
    "hls-gmac": 5,
    "hls-sha256": 6,
    "hls-ecdsa": 7,
}
_WITHOUT_SECRET: frozenset[Mechanism] = frozenset({"none", "hls-gmac", "hls-ecdsa"})
_WITH_TITLES: frozenset[Mechanism] = frozenset({"hls-gmac", "hls-sha256", "hls-ecdsa"})
Context = Literal["ln", "ln-ciphered"]
ConformanceName = Literal[
    "GENERAL_PROTECTION",
    "GENERAL_BLOCK_TRANSFER",
    "READ",
    "WRITE",
    "UNCONFIRMED_WRITE",
    "DELTA_VALUE_ENCODING",
    "ATTRIBUTE0_SET",
    "PRIORITY",
    "ATTRIBUTE0_GET",
    "BLOCK_GET",
    "BLOCK_SET",
    "BLOCK_ACTION",
    "MULTIPLE_REFERENCES",
    "INFORMATION_REPORT",
    "DATA_NOTIFICATION",
    "ACCESS",
    "PARAMETERIZED_ACCESS",
    "GET",
    "SET",
    "SELECTIVE_ACCESS",
    "EVENT_NOTIFICATION",
    "ACTION",
]
CONFORMANCE_DEFAULT: tuple[ConformanceName, ...] = (
    "GET",
    "SET",
    "ACTION",
    "SELECTIVE_ACCESS",
    "BLOCK_GET",
    "BLOCK_SET",
    "BLOCK_ACTION",
    "MULTIPLE_REFERENCES",
)


class AssociationDeclaration(Section):
    """One pair of client and server access points with its authentication."""

    id: Slug
    role: AssociationRole
    client_sap: Annotated[int, Field(ge=1, le=0xFFFF)]
    server_sap: Annotated[int, Field(ge=1, le=0xFFFF)] = 1
    """Logical device; 1 is the management logical device."""
    mechanism: Mechanism
    context: Context = "ln"
    secret: Secret | None = None
    """Password of mechanism ``lls``, shared secret of ``hls-manufacturer``, ``-md5``, ``-sha1`` and ``-sha256``."""
    security: SecurityDeclaration | None = None
    """For context ``ln-ciphered`` and for ``hls-gmac``, ``hls-sha256`` and ``hls-ecdsa``."""
    max_receive_pdu_size: Annotated[int, Field(ge=0, le=0xFFFF)] = 1024
    """Octets that the client announces to take in one APDU; 0 means no limit."""
    conformance: Annotated[tuple[ConformanceName, ...], Field(strict=False)] = CONFORMANCE_DEFAULT
    """What the client proposes."""
    pre_established: bool = False
    """Open at all times, without AARQ."""
    user_id: Annotated[int, Field(ge=0, le=0xFF)] | None = None
    """The user that the client names when it associates; None: none is named."""
    recorded_as: Annotated[str, Field(min_length=1)] | Annotated[int, Field(ge=0, le=0xFFFFFFFF)] | None = None
    """What stands for the client in a log that tells who made a change, where that is not its SAP."""
    doors: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)] | None = None
    """Ids of the doors at which this client is let in; without this key all of them."""

    def fits(self, door_id: str) -> bool:
        """Whether the client is let in at a door."""
        return self.doors is None or door_id in self.doors

    @property
    def recorded(self) -> str | int:
        """What stands for the client in such a log."""
        return self.client_sap if self.recorded_as is None else self.recorded_as

    @property
    def mechanism_id(self) -> int:
        """The last number of the mechanism's object identifier: 0 for none to 7 for hls-ecdsa."""
        return _MECHANISM_IDS[self.mechanism]

    @property
    def ciphered(self) -> bool:
        """Whether APDUs are protected."""
        return self.context == "ln-ciphered"

    @model_validator(mode="after")
    def _secret_fits_mechanism(self) -> Self:
        if self.secret is None and self.mechanism not in _WITHOUT_SECRET:
            raise Problems.one(
                f"is missing, because mechanism is {self.mechanism}", 'a reference such as "env:NAME"', path=("secret",)
            )
        if self.secret is not None and self.mechanism in _WITHOUT_SECRET:
            raise Problems.one(f"has no use with mechanism {self.mechanism}", "no key secret here", path=("secret",))
        return self

    @model_validator(mode="after")
    def _security_fits_mechanism_and_context(self) -> Self:
        reasons = [f"context is {self.context}"] if self.ciphered else []
        reasons += [f"mechanism is {self.mechanism}"] if self.mechanism in _WITH_TITLES else []
        if self.security is None:
            if reasons:
                raise Problems.one(
                    f"is missing, because {reasons[0]}",
                    "a table with client_system_title and keys by reference",
                    path=("security",),
                )
            return self
        if not reasons:
            raise Problems.one(
                f"has no use with mechanism {self.mechanism} and context {self.context}",
                'no table security here, or context = "ln-ciphered"',
                path=("security",),
            )
        problems = self._lacking(self.security)
        if problems:
            raise Problems(problems)
        return self

    def _lacking(self, security: SecurityDeclaration) -> list[Problem]:
        problems: list[Problem] = []
        general = security.general_ciphering or security.is_general
        if general and "GENERAL_PROTECTION" not in self.conformance:
            key = "general_ciphering is true" if security.general_ciphering else _why_general(security)
            wrong = f"lacks GENERAL_PROTECTION, because security.{key}"
            problems.append(Problem(path=("conformance",), wrong=wrong, allowed="a list with GENERAL_PROTECTION"))
        if self.ciphered or self.mechanism == "hls-gmac":
            because = "context is ln-ciphered" if self.ciphered else "mechanism is hls-gmac"
            problems += security.lacks("encryption_key", "authentication_key", because=because)
        if self.mechanism == "hls-ecdsa":
            due = ("signing_key", "server_public_key") if security.server_certificate is None else ("signing_key",)
            problems += security.lacks(*due, because="mechanism is hls-ecdsa")
        if self.ciphered:
            problems += security.lacking_for_general()
        return problems


def _why_general(security: SecurityDeclaration) -> str:
    return "signed is true" if security.signed else f"key_info is {security.key_info}"
