"""Writes what one connection carries into the trace, secrets masked."""

from collections.abc import Sequence

from harness.evidence.redaction import MaskedRange, merged, ranges_of
from harness.evidence.trace import Trace
from harness.transport.base import Transport

__all__ = ["LineRecorder"]


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

        Secrets are found here; ``masked`` adds ranges of a secret that goes over several frames. The last
        ``trailer`` octets, a checksum, are masked too where anything else is.
        """
        found = self.masks_of(octets)
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
