"""The reference meter over TCP for measurements: no reaction time, and a load profile of 10,000 rows.

Prints ``ready PORT``. Everything else is the default meter.
"""

import asyncio
import sys
from dataclasses import replace

from reference_meter.loop import make
from reference_meter.model.configuration import MeterConfiguration, ProfileSettings
from reference_meter.serve import ServedMeter, StreamDoor

ROWS = 10_000
DAYS = 105
"""At four rows an hour, these days fill the profile."""


def quick(configuration: MeterConfiguration) -> MeterConfiguration:
    """The meter without a wait before its answers, after a history that is long enough."""
    return replace(
        configuration,
        profile=ProfileSettings(entries=ROWS),
        history_days=DAYS,
        link=replace(configuration.link, reaction_s=0.0),
    )


async def serve() -> None:
    """Serve until the process is ended."""
    meter = ServedMeter(make({}, adapt=quick), real_clock=False)
    server = await asyncio.get_running_loop().create_server(lambda: StreamDoor(meter, "wrapper"), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve()))
