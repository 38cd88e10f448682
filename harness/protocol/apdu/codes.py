"""Result codes of the xDLMS services, with the names of the standard."""

from typing import Final

from harness.protocol.code import Code

__all__ = [
    "SERVICE_ERRORS",
    "ActionResult",
    "DataAccessResult",
    "ExceptionServiceError",
    "ExceptionStateError",
    "ServiceErrorCategory",
    "service_error_name",
]


class DataAccessResult(Code):
    """Result of access to one attribute."""

    SUCCESS = 0
    HARDWARE_FAULT = 1
    TEMPORARY_FAILURE = 2
    READ_WRITE_DENIED = 3
    OBJECT_UNDEFINED = 4
    OBJECT_CLASS_INCONSISTENT = 9
    OBJECT_UNAVAILABLE = 11
    TYPE_UNMATCHED = 12
    SCOPE_OF_ACCESS_VIOLATED = 13
    DATA_BLOCK_UNAVAILABLE = 14
    LONG_GET_ABORTED = 15
    NO_LONG_GET_IN_PROGRESS = 16
    LONG_SET_ABORTED = 17
    NO_LONG_SET_IN_PROGRESS = 18
    DATA_BLOCK_NUMBER_INVALID = 19
    OTHER_REASON = 250


class ActionResult(Code):
    """Result of one method."""

    SUCCESS = 0
    HARDWARE_FAULT = 1
    TEMPORARY_FAILURE = 2
    READ_WRITE_DENIED = 3
    OBJECT_UNDEFINED = 4
    OBJECT_CLASS_INCONSISTENT = 9
    OBJECT_UNAVAILABLE = 11
    TYPE_UNMATCHED = 12
    SCOPE_OF_ACCESS_VIOLATED = 13
    DATA_BLOCK_UNAVAILABLE = 14
    LONG_ACTION_ABORTED = 15
    NO_LONG_ACTION_IN_PROGRESS = 16
    OTHER_REASON = 250


class ExceptionStateError(Code):
    """First code of an exception-response."""

    SERVICE_NOT_ALLOWED = 1
    SERVICE_UNKNOWN = 2


class ExceptionServiceError(Code):
    """Second code of an exception-response."""

    OPERATION_NOT_POSSIBLE = 1
    SERVICE_NOT_SUPPORTED = 2
    OTHER_REASON = 3
    PDU_TOO_LONG = 4
    DECIPHERING_ERROR = 5
    INVOCATION_COUNTER_ERROR = 6


class ServiceErrorCategory(Code):
    """Kind of error in a confirmedServiceError."""

    APPLICATION_REFERENCE = 0
    HARDWARE_RESOURCE = 1
    VDE_STATE_ERROR = 2
    SERVICE = 3
    DEFINITION = 4
    ACCESS = 5
    INITIATE = 6
    LOAD_DATA_SET = 7
    TASK = 9
    OTHER = 10


SERVICE_ERRORS: Final[dict[int, dict[int, str]]] = {
    ServiceErrorCategory.APPLICATION_REFERENCE: {
        0: "other",
        1: "time-elapsed",
        2: "application-unreachable",
        3: "application-reference-invalid",
        4: "application-context-unsupported",
        5: "provider-communication-error",
        6: "deciphering-error",
    },
    ServiceErrorCategory.VDE_STATE_ERROR: {
        1: "no-dlms-context",
        2: "loading-data-set",
        3: "status-nochange",
        4: "status-inoperable",
    },
    ServiceErrorCategory.SERVICE: {1: "pdu-size", 2: "service-unsupported"},
    ServiceErrorCategory.DEFINITION: {
        1: "object-undefined",
        2: "object-class-inconsistent",
        3: "object-attribute-inconsistent",
    },
    ServiceErrorCategory.ACCESS: {
        1: "scope-of-access-violated",
        2: "object-access-violated",
        3: "hardware-fault",
        4: "object-unavailable",
    },
    ServiceErrorCategory.INITIATE: {
        1: "dlms-version-too-low",
        2: "incompatible-conformance",
        3: "pdu-size-too-short",
        4: "refused-by-the-vde-handler",
    },
}
"""Names by category and code, as far as the categories have names for their codes."""


def service_error_name(category: int, error: int) -> str:
    """Return ``access: hardware-fault`` and the like; unknown codes say so."""
    name = SERVICE_ERRORS.get(category, {}).get(error, f"unknown code {error}")
    return f"{ServiceErrorCategory.name_of(category)}: {name}"
