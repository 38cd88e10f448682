"""A request in a wrapper whose header is wrong."""

from typing import Final

from harness.declaration import AssociationDeclaration
from harness.headend.head_end import HeadEnd
from harness.headend.requests import get_request
from harness.headend.stimuli.provoke import Provoked
from harness.protocol.wrapper import WrapperFrame

__all__ = ["ask_in_wrapper_of_version"]

_VERSION_OCTETS: Final = 2
_TAG_AT: Final = 8


def ask_in_wrapper_of_version(version: int, head_end: HeadEnd, declared: AssociationDeclaration) -> Provoked:
    """Send a GET in a wrapper of that version over a connection of its own, and name what comes."""
    good = WrapperFrame(
        source=declared.client_sap,
        destination=declared.server_sap,
        payload=get_request(head_end.declaration.probe),
    ).to_bytes()
    line = head_end.raw_line()
    try:
        line.send(version.to_bytes(_VERSION_OCTETS, "big") + good[_VERSION_OCTETS:], f"wrapper of version {version}")
        waited_s = head_end.timing.silence_s
        octets = line.receive(waited_s)
        if octets:
            text = f"{len(octets)} octets, which begin {octets[: _TAG_AT + 2].hex(' ')}"
            return Provoked(name=f"octets {octets[_TAG_AT : _TAG_AT + 2].hex()}", description=text, frame=line.frame)
        name = "silence" if line.lost is None else "closed"
        text = line.lost or f"nothing in {waited_s:.1f} s after a wrapper of version {version}"
        return Provoked(name=name, description=text, frame=line.frame)
    finally:
        line.close()
