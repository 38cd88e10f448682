"""The application associations that the device offers."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.problem import Problems
from harness.declaration.secret import Secret
from harness.declaration.section import Section, Slug

__all__ = ["CONFORMANCE_DEFAULT", "AssociationDeclaration", "AssociationRole", "ConformanceName", "Mechanism"]

AssociationRole = Literal["public", "reading", "management", "other"]
Mechanism = Literal["none", "lls"]
_MECHANISM_IDS: Mapping[Mechanism, int] = {"none": 0, "lls": 1}
Context = Literal["ln"]
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
    """Password of mechanism ``lls``."""
    max_receive_pdu_size: Annotated[int, Field(ge=0, le=0xFFFF)] = 1024
    """Octets that the client announces to take in one APDU; 0 means no limit."""
    conformance: Annotated[tuple[ConformanceName, ...], Field(strict=False)] = CONFORMANCE_DEFAULT
    """What the client proposes."""
    pre_established: bool = False
    """Open at all times, without AARQ."""

    @property
    def mechanism_id(self) -> int:
        """The last number of the mechanism's object identifier: 0 for none, 1 for lls."""
        return _MECHANISM_IDS[self.mechanism]

    @model_validator(mode="after")
    def _secret_fits_mechanism(self) -> Self:
        if self.mechanism == "lls" and self.secret is None:
            raise Problems.one(
                "is missing, because mechanism is lls", 'a reference such as "env:NAME"', path=("secret",)
            )
        if self.mechanism == "none" and self.secret is not None:
            raise Problems.one("has no use with mechanism none", "no key secret here", path=("secret",))
        return self
