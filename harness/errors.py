"""The exceptions of the harness: the class says whose fault it is.

::

    ConformeterError
    ├── UsageError                 the caller's: argument, declaration, feature, file (exit code 3)
    │   ├── DeclarationError
    │   ├── CatalogueError
    │   └── FeatureError
    ├── LabError                   the lab's or the line's: verdict ERROR, never against the device
    │   ├── PortGone               the port cannot be opened or has vanished
    │   ├── LineDamaged            checksum errors where good exchanges were due
    │   ├── BenchError             the bench failed to do what it can do
    │   └── ReplayDifference       a replayed run asked for something else than was recorded
    ├── DeviceError                the device's
    │   ├── ProtocolViolation      it sent what no reading of the protocol allows
    │   │   ├── DecodeError        octets that do not decode strictly
    │   │   └── Garbled            octets came, but no whole good frame
    │   ├── Silent                 no answer before the deadline
    │   ├── ConnectionLost         it closed or reset the connection
    │   └── Refused                a well-formed answer that is not success
    └── Outcome                    not an error of anybody: a verdict other than PASS
        ├── NonConformity          (also AssertionError) the device breaks a clause: FAIL
        ├── Inconclusive           no verdict possible, and what is missing
        │   └── NotRun             the device was away before the scenario began
        ├── ReviewNeeded           a person must decide
        └── NotApplicable          the clause's own condition is not met

``ValueError`` and ``TypeError`` stay what they are in Python: a mistake in our own code, verdict ERROR.
"""

from typing import Literal

__all__ = [
    "AnswerOfAnother",
    "BenchError",
    "CatalogueError",
    "ConformeterError",
    "ConnectionLost",
    "DeclarationError",
    "DecodeError",
    "DeviceError",
    "FeatureError",
    "Garbled",
    "Inconclusive",
    "LabError",
    "LineDamaged",
    "NonConformity",
    "NotApplicable",
    "NotRun",
    "Outcome",
    "PortGone",
    "ProtocolViolation",
    "Refused",
    "ReplayDifference",
    "ReviewNeeded",
    "Silent",
    "UsageError",
]

MissingClass = Literal["bench", "device", "line", "declaration"]


class ConformeterError(Exception):
    """Base of everything the harness raises on purpose."""


class UsageError(ConformeterError):
    """A wrong argument or file; the message names file, key and what is allowed."""


class DeclarationError(UsageError):
    """The device's declaration is wrong."""


class CatalogueError(UsageError):
    """A file below ``requirements/`` is wrong."""


class FeatureError(UsageError):
    """A feature file is wrong: unknown id, missing effect, duplicate scenario."""


class LabError(ConformeterError):
    """The lab or the line failed; never counts against the device."""


class PortGone(LabError):
    """The port cannot be opened, or it vanished while in use."""


class LineDamaged(LabError):
    """Checksums fail in exchanges that must be good: the line cannot carry a verdict."""


class BenchError(LabError):
    """The bench failed to do what it is declared to do."""


class ReplayDifference(LabError):
    """A replayed run differs from the recorded one; the message names the frame."""


class DeviceError(ConformeterError):
    """The device did something that the harness cannot go on from."""


class ProtocolViolation(DeviceError):
    """The device sent what no reading of the protocol allows."""


class DecodeError(ProtocolViolation):
    """Octets that do not decode strictly; ``offset`` counts from the start of the given bytes."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"{message} (at octet {offset})")
        self.offset = offset


class AnswerOfAnother(ProtocolViolation):
    """Through a gateway came the answer of another device than the one asked: of ``address`` in ``network``."""

    def __init__(self, message: str, *, network: int, address: bytes) -> None:
        super().__init__(message)
        self.network = network
        self.address = address


class Garbled(ProtocolViolation):
    """Octets came before the deadline, but no whole good frame; the line may be to blame."""


class Silent(DeviceError):
    """No answer before the deadline; ``waited_s`` is how long the harness listened."""

    def __init__(self, message: str, waited_s: float) -> None:
        super().__init__(message)
        self.waited_s = waited_s


class ConnectionLost(DeviceError):
    """The device closed or reset the connection."""


class Refused(DeviceError):
    """A well-formed answer that is not success; ``answer`` is its catalogue name, e.g. ``dar:4``."""

    def __init__(self, message: str, answer: str) -> None:
        super().__init__(message)
        self.answer = answer


class Outcome(ConformeterError):
    """A verdict other than PASS on its way to the plugin."""


class NonConformity(Outcome, AssertionError):
    """The device breaks ``clause``; ``frame`` is the number of the frame that shows it, with those of ``further``."""

    def __init__(
        self,
        *,
        clause: str,
        expected: str,
        observed: str,
        frame: int | None = None,
        note: str | None = None,
        further: tuple[int, ...] = (),
    ) -> None:
        super().__init__(f"{clause}: expected {expected}; observed {observed}")
        self.clause = clause
        self.expected = expected
        self.observed = observed
        self.frame = frame
        self.note = note
        self.further = further


class Inconclusive(Outcome):
    """No verdict is possible; ``missing`` is the class of what is missing."""

    def __init__(self, reason: str, *, missing: MissingClass) -> None:
        super().__init__(f"{missing}: {reason}")
        self.reason = reason
        self.missing = missing


class NotRun(Inconclusive):
    """The device was away before the scenario began; a run that is resumed comes back to it."""

    MARK = "device: not run: "
    """What the reason of the verdict begins with."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not run: {reason}", missing="device")


class ReviewNeeded(Outcome):
    """A person must decide; the message says what to look at."""


class NotApplicable(Outcome):
    """The clause's own condition is not met; ``item`` names the declaration item that says so."""

    def __init__(self, reason: str, *, item: str) -> None:
        super().__init__(f"{reason} ({item})")
        self.reason = reason
        self.item = item
