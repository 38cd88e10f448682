"""Ciphering, signatures and authentication of suites 0, 1 and 2: pure functions of octets, keys and counters.

Decoding is strict. Keys never stand in a ``repr`` or in an exception.
"""

from harness.protocol.security.agreement import (
    Scheme,
    agreed_key,
    announced_key,
    one_pass,
    shared_secret,
    static_party,
)
from harness.protocol.security.cipher import (
    COUNTER_OCTETS,
    HIGHEST_COUNTER,
    TAG_OCTETS,
    TITLE_OCTETS,
    CipherKeys,
    seal,
    seal_as,
    unseal,
)
from harness.protocol.security.ciphered import (
    Ciphered,
    Form,
    ciphered_tag,
    header_of,
    is_ciphered,
    open_usual,
    protect,
    unprotect,
)
from harness.protocol.security.control import AUTHENTICATED, BROADCAST, COMPRESSED, ENCRYPTED, SUITE, SecurityControl
from harness.protocol.security.fault import (
    BadSignature,
    BadTag,
    CounterNotRising,
    NotAuthentic,
    ProtectionMismatch,
    Underprotected,
)
from harness.protocol.security.general import (
    GENERAL_CIPHERING_TAG,
    GENERAL_SIGNING_TAG,
    GeneralCiphering,
    GeneralHeader,
    GeneralSigning,
)
from harness.protocol.security.hls import (
    CHALLENGE_OCTETS,
    Challenges,
    HlsKeys,
    check_response,
    counter_of_response,
    response,
)
from harness.protocol.security.key_info import AgreedKey, IdentifiedKey, KeyInfo, WrappedKey
from harness.protocol.security.key_wrap import KeyId, unwrap_key, wrap_key
from harness.protocol.security.signature import check_signature, point_of, private_key_of, public_key_of, sign
from harness.protocol.security.suite import SUITES, SecuritySuite, SuiteId, suite_of

__all__ = [
    "AUTHENTICATED",
    "BROADCAST",
    "CHALLENGE_OCTETS",
    "COMPRESSED",
    "COUNTER_OCTETS",
    "ENCRYPTED",
    "GENERAL_CIPHERING_TAG",
    "GENERAL_SIGNING_TAG",
    "HIGHEST_COUNTER",
    "SUITE",
    "SUITES",
    "TAG_OCTETS",
    "TITLE_OCTETS",
    "AgreedKey",
    "BadSignature",
    "BadTag",
    "Challenges",
    "CipherKeys",
    "Ciphered",
    "CounterNotRising",
    "Form",
    "GeneralCiphering",
    "GeneralHeader",
    "GeneralSigning",
    "HlsKeys",
    "IdentifiedKey",
    "KeyId",
    "KeyInfo",
    "NotAuthentic",
    "ProtectionMismatch",
    "Scheme",
    "SecurityControl",
    "SecuritySuite",
    "SuiteId",
    "Underprotected",
    "WrappedKey",
    "agreed_key",
    "announced_key",
    "check_response",
    "check_signature",
    "ciphered_tag",
    "counter_of_response",
    "header_of",
    "is_ciphered",
    "one_pass",
    "open_usual",
    "point_of",
    "private_key_of",
    "protect",
    "public_key_of",
    "response",
    "seal",
    "seal_as",
    "shared_secret",
    "sign",
    "static_party",
    "suite_of",
    "unprotect",
    "unseal",
    "unwrap_key",
    "wrap_key",
]
