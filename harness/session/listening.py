"""An idle connection: what the device says while nobody asks it anything."""

from harness.errors import ConnectionLost
from harness.session.recorder import LineRecorder
from harness.transport.base import Transport

__all__ = ["listen"]

_MOST_HEARD_OCTETS = 1 << 20
"""A device that talks so much while we wait in silence is not waited for any longer."""


def listen(transport: Transport, record: LineRecorder, seconds: float) -> None:
    """Record what comes within ``seconds`` of line time, then close; the device may close first."""
    heard_octets = 0
    try:
        deadline = transport.now() + seconds
        while transport.now() < deadline and heard_octets < _MOST_HEARD_OCTETS:
            data = transport.receive(deadline)
            heard_octets += len(data)
            if data:
                record.octets("chunk", data, "while waiting")
            else:
                record.moment("quiet")
    except ConnectionLost as lost:
        # The device closed the idle connection, which is what an inactivity time-out does.
        record.moment("lost", str(lost))
    finally:
        record.moment("close", "idle wait ended")
        transport.close()
