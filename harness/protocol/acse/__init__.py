"""ACSE: association request and response, release request and response.

Decoding is strict: fields in rising order, none twice, lengths exact, nothing trailing. A field that is not
modelled is kept in ``unknown`` as (tag, content) and written back in its place.
"""

from harness.protocol.acse.association import AARE_TAG, AARQ_TAG, AUTHENTICATION_REQUIREMENT, Aare, Aarq
from harness.protocol.acse.names import (
    ApplicationContext,
    AssociationResult,
    Mechanism,
    ProviderDiagnostic,
    UserDiagnostic,
)
from harness.protocol.acse.release import RLRE_TAG, RLRQ_TAG, Rlre, Rlrq

__all__ = [
    "AARE_TAG",
    "AARQ_TAG",
    "AUTHENTICATION_REQUIREMENT",
    "RLRE_TAG",
    "RLRQ_TAG",
    "Aare",
    "Aarq",
    "ApplicationContext",
    "AssociationResult",
    "Mechanism",
    "ProviderDiagnostic",
    "Rlre",
    "Rlrq",
    "UserDiagnostic",
]
