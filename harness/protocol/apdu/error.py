"""Answers that refuse a request as a whole."""

from dataclasses import dataclass
from typing import Final

from harness.protocol.apdu.codes import (
    ExceptionServiceError,
    ExceptionStateError,
    service_error_name,
)
from harness.protocol.apdu.reader import Reader
from harness.protocol.apdu.tags import CONFIRMED_SERVICE_ERROR_TAG, EXCEPTION_RESPONSE_TAG

__all__ = ["ConfirmedServiceError", "ExceptionResponse"]

_SERVICES: Final = {1: "initiate", 5: "read", 6: "write"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionResponse:
    """The server did not process the request."""

    state_error: int
    """An ``ExceptionStateError``."""
    service_error: int
    """An ``ExceptionServiceError``."""
    invocation_counter: int | None = None
    """The counter that the server expects; there exactly where the service error says so."""

    def __post_init__(self) -> None:
        wanted = self.service_error == ExceptionServiceError.INVOCATION_COUNTER_ERROR
        if wanted != (self.invocation_counter is not None):
            raise ValueError("an invocation counter belongs to invocation-counter-error and only there")

    @classmethod
    def from_bytes(cls, octets: bytes) -> "ExceptionResponse":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, EXCEPTION_RESPONSE_TAG)
        state_error, service_error = reader.unsigned(1), reader.unsigned(1)
        has_counter = service_error == ExceptionServiceError.INVOCATION_COUNTER_ERROR
        counter = reader.unsigned(4) if has_counter else None
        reader.end()
        return cls(state_error=state_error, service_error=service_error, invocation_counter=counter)

    def to_bytes(self) -> bytes:
        """Encode it."""
        head = bytes((EXCEPTION_RESPONSE_TAG, self.state_error, self.service_error))
        return head if self.invocation_counter is None else head + self.invocation_counter.to_bytes(4, "big")

    def describe(self) -> str:
        """Return one line for people."""
        counter = "" if self.invocation_counter is None else f", expected counter {self.invocation_counter}"
        return (
            f"exception-response: {ExceptionStateError.name_of(self.state_error)} ({self.state_error}), "
            f"{ExceptionServiceError.name_of(self.service_error)} ({self.service_error}){counter}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedServiceError:
    """A confirmed service has failed."""

    service: int
    """Which one: 1 initiate, 5 read, 6 write."""
    category: int
    """A ``ServiceErrorCategory``."""
    error: int
    """Code within the category."""

    @classmethod
    def from_bytes(cls, octets: bytes) -> "ConfirmedServiceError":
        """Decode it; raises ``DecodeError``."""
        reader = Reader.behind_tag(octets, CONFIRMED_SERVICE_ERROR_TAG)
        error = cls(service=reader.unsigned(1), category=reader.unsigned(1), error=reader.unsigned(1))
        reader.end()
        return error

    def to_bytes(self) -> bytes:
        """Encode it."""
        return bytes((CONFIRMED_SERVICE_ERROR_TAG, self.service, self.category, self.error))

    def describe(self) -> str:
        """Return one line for people."""
        service = _SERVICES.get(self.service, f"service {self.service}")
        name = service_error_name(self.category, self.error)
        return f"confirmed-service-error: {service}, {name} ({self.category}/{self.error})"
