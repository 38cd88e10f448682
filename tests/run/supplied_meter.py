"""The lab's power-cycle command for the bundled meter: ends its process and starts another one, which outlives it."""

import argparse
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

READY_S = 30.0
SERVE = """
import os, sys
from reference_meter import serve
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.__main__ import main
_, serial, deadly, *arguments = sys.argv
if serial:
    MeterConfiguration.__init__.__kwdefaults__["serial_number"] = serial.encode()
if deadly:
    received = serve.StreamDoor.data_received
    serve.StreamDoor.data_received = lambda self, data: (
        os._exit(1) if bytes.fromhex(deadly) in data else received(self, data)
    )
sys.exit(main(arguments))
"""


def main() -> None:
    """Cut, wait and give back; the process id of the meter stands in the file ``pid``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pid", type=Path, required=True)
    parser.add_argument("--off-s", type=float, default=0.0)
    parser.add_argument("--serial", default="")
    parser.add_argument("--dies-of", default="", help="Octets that end the process, in hexadecimal digits.")
    known, arguments = parser.parse_known_args()
    if known.pid.exists():
        with suppress(ProcessLookupError):
            os.kill(int(known.pid.read_text(encoding="utf-8")), signal.SIGKILL)
    print("cut; the password is reading1", flush=True)
    time.sleep(known.off_s)
    said = known.pid.with_suffix(".said")
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, known.serial, known.dies_of, *arguments], stdout=output
        )
    known.pid.write_text(str(process.pid), encoding="utf-8")
    until = time.monotonic() + READY_S
    while b"ready" not in said.read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            sys.exit(1)
        time.sleep(0.02)
    print("given back", flush=True)


if __name__ == "__main__":
    main()
