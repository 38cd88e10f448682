"""General forms of ciphering where nobody declares that the client uses them."""

from typing import TYPE_CHECKING

from harness.declaration import AssociationDeclaration
from harness.errors import NotApplicable
from harness.headend.client import Client
from harness.protocol.apdu import Conformance

if TYPE_CHECKING:
    from harness.headend.head_end import HeadEnd

__all__ = ["check_granted"]


def check_granted(head_end: "HeadEnd", declared: AssociationDeclaration) -> None:
    """Raise ``NotApplicable`` where general forms would be tried that the device does not grant.

    What the declaration itself says is not asked for here: a device that does not keep to that is a finding.
    """
    agreed = declared.security
    if agreed is None or not agreed.general_ciphering or declared in head_end.declaration.associations:
        return
    specific = agreed.model_copy(update={"general_ciphering": False})
    client = Client(head_end, declared.model_copy(update={"security": specific}))
    client.establish()
    granted = client.association.negotiated.conformance & Conformance.GENERAL_PROTECTION
    client.close()
    if not granted:
        raise NotApplicable("the device does not grant general protection", item="associations.conformance")
