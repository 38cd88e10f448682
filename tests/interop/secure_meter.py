"""The reference meter over TCP, its management client ciphered as the options say; prints ``ready PORT``.

Started by ``test_interop_gurux_secure.py``.
"""

import argparse
import asyncio
import sys
from dataclasses import replace

from reference_meter.loop import make
from reference_meter.model.configuration import Client, MeterConfiguration, ProfileSettings
from reference_meter.security.store import KeySet, SecuritySettings
from reference_meter.serve import ServedMeter, StreamDoor

DAYS = 2


def options_of(arguments: list[str]) -> argparse.Namespace:
    """What kind of meter it is."""
    parser = argparse.ArgumentParser()
    for name in ("--suite", "--mechanism"):
        parser.add_argument(name, type=int, required=True)
    for name in ("--unicast", "--authentication", "--broadcast", "--master", "--title"):
        parser.add_argument(name, type=bytes.fromhex, required=True)
    for name in ("--secret", "--signing-key", "--client-public-key"):
        parser.add_argument(name, type=bytes.fromhex, default=b"")
    return parser.parse_args(arguments)


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is ended."""
    client = Client(sap=1, role="management", mechanism=options.mechanism, ciphered=True, secret=options.secret)

    def adapt(configuration: MeterConfiguration) -> MeterConfiguration:
        security = SecuritySettings(
            keys=KeySet(
                unicast=options.unicast,
                broadcast=options.broadcast,
                authentication=options.authentication,
                master=options.master,
            ),
            system_title=options.title,
            suite=options.suite,
            signing_key=options.signing_key,
            client_public_key=options.client_public_key,
        )
        return replace(
            configuration,
            clients=(Client(sap=16, role="public"), client),
            profile=ProfileSettings(),
            history_days=DAYS,
            link=replace(configuration.link, reaction_s=0.0),
            security=security,
        )

    meter = ServedMeter(make({}, adapt=adapt), real_clock=False)
    server = await asyncio.get_running_loop().create_server(lambda: StreamDoor(meter, "wrapper"), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    sys.exit(asyncio.run(serve(options_of(sys.argv[1:]))))
