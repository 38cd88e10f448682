"""Writes what one connection carries into the trace, secrets masked."""

from collections.abc import Sequence

from harness.evidence.redaction import MaskedRange, merged, ranges_of
from harness.evidence.trace import Trace
from harness.transport.base import Transport

__all__ = ["LineRecorder"]

_APDUS = ("apdu_tx", "apdu_rx")
_HEAD_OCTETS, _BLOCK_HEAD_OCTETS = 3, 8
"""Of an APDU: tag, choice and invoke-id; of a block of a GET its number too."""
_OF_BLOCKS = (b"\xc0\x02", b"\xc4\x02")


def _behind_head(apdu: bytes, found: Sequence[MaskedRange]) -> tuple[MaskedRange, ...]:
    """Leave out what stands in the head of an APDU: no secret does, and invariants have to see it.

    A secret of an octet or two is found there by chance alone; masked, it would tell those who know what is due there.
    """
    head = _BLOCK_HEAD_OCTETS if apdu.startswith(_OF_BLOCKS) else _HEAD_OCTETS
    return tuple((offset, length) for offset, length in found if offset + length > head)


class LineRecorder:
    """Records of connection number ``link`` through ``door``; line time is that of ``transport``."""

    def __init__(self, trace: Trace, transport: Transport, *, door: str, link: int, secrets: Sequence[bytes]) -> None:
        self._trace = trace
        self._transport = transport
        self._door = door
        self._link = link
        self._secrets = tuple(secrets)

    def hide(self, secret: bytes) -> None:
        """Mask this too in all that is recorded from now on."""
        self._secrets = (*self._secrets, secret)

    def masks_of(self, octets: bytes) -> tuple[MaskedRange, ...]:
        """Return where secrets stand in ``octets``."""
        return ranges_of(octets, self._secrets) if self._secrets else ()

    def octets(
        self,
        kind: str,
        octets: bytes,
        event: str | None = None,
        *,
        masked: Sequence[MaskedRange] = (),
        trailer: int = 0,
        part: bool = False,
        security: str = "",
    ) -> int:
        """Record octets and return the record's number.

        Secrets are found here, but for the head of an APDU; ``masked`` adds ranges of a secret that goes over several
        frames. The last ``trailer`` octets, a checksum, are masked too where anything else is.
        """
        found = self.masks_of(octets)
        if found and kind in _APDUS:
            found = _behind_head(octets, found)
        if found and trailer:
            found = (*found, (len(octets) - trailer, trailer))
        return self._trace.wire(
            kind,
            t=self._transport.now(),
            door=self._door,
            link=self._link,
            data=octets,
            masked=merged((*found, *masked)) if found or masked else (),
            event=event,
            part=part,
            security=security,
        )

    def moment(self, kind: str, event: str | None = None) -> int:
        """Record something without octets: ``quiet``, ``lost``, ``close``."""
        return self._trace.wire(kind, t=self._transport.now(), door=self._door, link=self._link, event=event)
