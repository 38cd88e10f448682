"""Names of codes for dissection trees; scapy's enumerations take them as they are."""

__all__ = [
    "ACSE_ELEMENTS",
    "ACTION_REQUEST_CHOICES",
    "ACTION_RESPONSE_CHOICES",
    "APDU_TAGS",
    "CIPHERED_TAGS",
    "DATA_ACCESS_RESULTS",
    "GET_REQUEST_CHOICES",
    "GET_RESPONSE_CHOICES",
    "SET_REQUEST_CHOICES",
    "SET_RESPONSE_CHOICES",
    "control_name",
]

_PLAIN = {
    0x01: "initiate-request",
    0x05: "read-request",
    0x06: "write-request",
    0x08: "initiate-response",
    0x0C: "read-response",
    0x0D: "write-response",
    0x0E: "confirmed-service-error",
    0x0F: "data-notification",
    0x16: "unconfirmed-write-request",
    0x18: "information-report-request",
    0x60: "AARQ",
    0x61: "AARE",
    0x62: "RLRQ",
    0x63: "RLRE",
    0xC0: "get-request",
    0xC1: "set-request",
    0xC2: "event-notification",
    0xC3: "action-request",
    0xC4: "get-response",
    0xC5: "set-response",
    0xC7: "action-response",
    0xD8: "exception-response",
    0xD9: "access-request",
    0xDA: "access-response",
    0xDB: "general-glo-ciphering",
    0xDC: "general-ded-ciphering",
    0xDD: "general-ciphering",
    0xDF: "general-signing",
    0xE0: "general-block-transfer",
    0xE6: "gateway-request",
    0xE7: "gateway-response",
}

CIPHERED_TAGS = {
    **{tag + 0x20: f"glo-{_PLAIN[tag]}" for tag in (0x01, 0x05, 0x06, 0x08, 0x0C, 0x0D, 0x0E, 0x16, 0x18)},
    **{tag + 0x40: f"ded-{_PLAIN[tag]}" for tag in (0x01, 0x05, 0x06, 0x08, 0x0C, 0x0D, 0x0E, 0x16, 0x18)},
    **{tag + 0x08: f"glo-{_PLAIN[tag]}" for tag in (0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC7)},
    **{tag + 0x10: f"ded-{_PLAIN[tag]}" for tag in (0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC7)},
}
"""Global and dedicated ciphering with a tag per service."""

APDU_TAGS = _PLAIN | CIPHERED_TAGS

GET_REQUEST_CHOICES = {1: "normal", 2: "next", 3: "with-list"}
GET_RESPONSE_CHOICES = {1: "normal", 2: "with-datablock", 3: "with-list"}
SET_REQUEST_CHOICES = {
    1: "normal",
    2: "with-first-datablock",
    3: "with-datablock",
    4: "with-list",
    5: "with-list-and-first-datablock",
}
SET_RESPONSE_CHOICES = {
    1: "normal",
    2: "datablock",
    3: "last-datablock",
    4: "last-datablock-with-list",
    5: "with-list",
}
ACTION_REQUEST_CHOICES = {
    1: "normal",
    2: "next-pblock",
    3: "with-list",
    4: "with-first-pblock",
    5: "with-list-and-first-pblock",
    6: "with-pblock",
}
ACTION_RESPONSE_CHOICES = {1: "normal", 2: "with-pblock", 3: "with-list", 4: "next-pblock"}

DATA_ACCESS_RESULTS = {
    0: "success",
    1: "hardware-fault",
    2: "temporary-failure",
    3: "read-write-denied",
    4: "object-undefined",
    9: "object-class-inconsistent",
    11: "object-unavailable",
    12: "type-unmatched",
    13: "scope-of-access-violated",
    14: "data-block-unavailable",
    15: "long-get-aborted",
    16: "no-long-get-in-progress",
    17: "long-set-aborted",
    18: "no-long-set-in-progress",
    19: "data-block-number-invalid",
    250: "other-reason",
}

ACSE_ELEMENTS = {
    0x80: "protocol-version, reason or authentication value",
    0x88: "responder-acse-requirements",
    0x89: "mechanism-name",
    0x8A: "sender-acse-requirements",
    0x8B: "mechanism-name",
    0xA1: "application-context-name",
    0xA2: "called-AP-title or result",
    0xA3: "result-source-diagnostic",
    0xA4: "responding-AP-title",
    0xA6: "calling-AP-title",
    0xA7: "calling-AE-qualifier",
    0xA9: "calling-AE-invocation-id",
    0xAA: "responding-authentication-value",
    0xAC: "calling-authentication-value",
    0xBE: "user-information",
}

_UNNUMBERED = {0x83: "SNRM", 0x43: "DISC", 0x63: "UA", 0x0F: "DM", 0x87: "FRMR", 0x03: "UI"}
_SUPERVISORY = {0x01: "RR", 0x05: "RNR", 0x09: "REJ", 0x0D: "SREJ"}


def control_name(control: int) -> str:
    """Return what an HDLC control octet says, e.g. ``I N(S)=1 N(R)=2 P``."""
    final = " P/F" if control & 0x10 else ""
    if not control & 1:
        return f"I N(S)={control >> 1 & 7} N(R)={control >> 5}{final}"
    if control & 0x0F in _SUPERVISORY:
        return f"{_SUPERVISORY[control & 0x0F]} N(R)={control >> 5}{final}"
    return f"{_UNNUMBERED.get(control & 0xEF, 'unknown')}{final}"
