"""Carries the pushes of a served meter to where they are wanted: a connection or a datagram for each."""

import asyncio
import contextlib

from reference_meter.listen_url import ListenUrl
from reference_meter.serve import ServedMeter

__all__ = ["PushOutlet"]

_OPEN_AGAIN_S = 0.5
_PATIENCE_S = 2.0


class PushOutlet:
    """The outlet of a push link; one that ends, as without power, is opened again."""

    def __init__(self, served: ServedMeter, place: ListenUrl) -> None:
        self._served = served
        self._place = place
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Have the meter push from now on."""
        self._served.open("push", self)

    def write(self, data: bytes) -> None:
        """Send one push; where nobody listens it is lost."""
        task = self._served.loop.create_task(self._send(data))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """The link has ended: the next one is opened in a while."""
        self._served.loop.call_later(_OPEN_AGAIN_S, self.open)

    async def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            if self._place.scheme == "udp":
                transport, _ = await self._served.loop.create_datagram_endpoint(
                    asyncio.DatagramProtocol, remote_addr=(self._place.host, self._place.port)
                )
                transport.sendto(data)
                transport.close()
                return
            async with asyncio.timeout(_PATIENCE_S):
                _, writer = await asyncio.open_connection(self._place.host, self._place.port)
                writer.write(data)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
