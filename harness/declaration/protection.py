"""How the device guards itself: failures that it counts, seal, legally relevant objects, and rates of attack."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.declaration.objects import CosemObject, Obis
from harness.declaration.problem import Problems
from harness.declaration.section import Section

__all__ = ["Access", "DeviceSecurity", "Failure", "LegallyRelevant", "LockOut", "Metrology", "Robustness"]

Failure = Literal["authentication", "deciphering"]
Count = Annotated[int, Field(ge=1, le=0xFFFF)]


class LockOut(Section):
    """After so many failures the device refuses a client for so long."""

    failures: Count
    seconds: Annotated[float, Field(gt=0, le=86400)]
    counted_for: Literal["client", "device"] = "client"
    """Whether each client has a count of its own, or all of them have one together."""
    counts: Annotated[tuple[Failure, ...], Field(strict=False, min_length=1)] = ("authentication", "deciphering")
    """What counts as a failure."""
    forgets_on_success: bool = False
    """Whether an association that succeeds sets the client's count back to none."""


class DeviceSecurity(Section):
    """Table ``[security]``: what holds for the device as a whole."""

    authentication_failures_before_event: Count = 1
    """The event comes with this failure, counted in a row."""
    decryption_failures_before_event: Count = 1
    replays_before_event: Count = 1
    lock_out: LockOut | None = None
    """None: the device locks nobody out."""
    failure_budget: Annotated[int, Field(ge=0, le=0xFFFF)] | None = None
    """Failures that a run may cause; ``budget`` knows the default."""
    counter_jump_limit: Annotated[int, Field(ge=1, le=0xFFFFFFFF)] | None = None
    """Largest step of the invocation counter that the device accepts; None: any."""
    closes_connection: bool = False
    """Whether the device may close the connection upon a wrongly ciphered request."""

    @property
    def budget(self) -> int | None:
        """Failures that a run may cause at one client; None for no limit."""
        if self.failure_budget is not None:
            return self.failure_budget
        return None if self.lock_out is None else self.lock_out.failures - 1

    @model_validator(mode="after")
    def _budget_below_lock_out(self) -> Self:
        if self.lock_out is not None and self.failure_budget is not None:
            most = self.lock_out.failures - 1
            if self.failure_budget > most:
                raise Problems.one(
                    f"is {self.failure_budget}, and the device locks out after {self.lock_out.failures} failures",
                    f"at most {most}",
                    path=("failure_budget",),
                )
        return self


class Access(Section):
    """Table ``[access]``: the hardware seal and what is behind it."""

    seal: bool | None = None
    """Whether there is a sealed switch; None: unknown."""
    sealed: Annotated[tuple[CosemObject, ...], Field(strict=False)] = ()
    """Parameters behind the seal, each an attribute of an object."""

    @model_validator(mode="after")
    def _sealed_behind_a_seal(self) -> Self:
        if self.seal is False and self.sealed:
            raise Problems.one("names parameters, and seal is false", "seal = true, or no key sealed", path=("sealed",))
        return self


class LegallyRelevant(Section):
    """Attributes and methods of one object that nothing from outside may change or call."""

    class_id: Annotated[int, Field(alias="class", ge=0, le=0xFFFF)]
    obis: Obis
    attributes: Annotated[tuple[Annotated[int, Field(ge=1, le=127)], ...], Field(strict=False)] = (2,)
    methods: Annotated[tuple[Annotated[int, Field(ge=1, le=127)], ...], Field(strict=False)] = ()

    @property
    def logical_name(self) -> bytes:
        """The OBIS code as the six octets of a message."""
        return bytes(int(number) for number in self.obis.split("."))


class Metrology(Section):
    """Table ``[metrology]``: the legally relevant part."""

    legally_relevant: Annotated[tuple[LegallyRelevant, ...], Field(strict=False)] = ()
    """Besides the energy registers, which always are."""


class Robustness(Section):
    """Table ``[robustness]``: how hard a device that is not virtual may be attacked."""

    frames: Annotated[int, Field(ge=1, le=1_000_000)] = 20
    """Malformed frames for each scenario and door."""
    frames_per_second: Annotated[float, Field(gt=0, le=1000)] = 2.0
