"""What can be wrong with the protection of a request, and how that is answered."""

from enum import Enum, auto

from reference_meter.codec.response import ExceptionResponse

__all__ = ["DECIPHERING_ERROR", "Fault", "InsufficientProtection", "RequestRefused"]

DECIPHERING_ERROR = ExceptionResponse(state_error=1, service_error=5)


class Fault(Enum):
    """What was wrong with the protection of a request."""

    UNDECIPHERABLE = auto()
    """Key, tag, signature, title or control octet."""
    REPLAYED = auto()
    """Authentic, but its counter had been accepted before."""


class RequestRefused(Exception):
    """A request whose protection is answered with an exception."""

    def __init__(self, response: ExceptionResponse) -> None:
        super().__init__(f"refused with service error {response.service_error}")
        self.response = response


class InsufficientProtection(Exception):
    """A request protected less than the policy demands."""

    def __init__(self, plain: bytes, result: int | None) -> None:
        super().__init__("the policy demands more protection")
        self.plain = plain
        self.result = result
        """Result to answer with, ``None`` for an exception."""
