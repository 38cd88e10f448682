"""Reads a meter over M-Bus with pyMeterBus: asks slave 1 for its data and prints what the library makes of them.

Started by ``test_interop_mbus.py``. Prints one JSON object: the library's own rendering of the telegram.
"""

import socket
import sys

import meterbus

_WAIT_S = 10.0
_SND_NKE, _REQ_UD2 = 0x40, 0x7B


def short_frame(control: int, address: int) -> "meterbus.TelegramShort":
    """Make a frame that the library accepts."""
    return meterbus.TelegramShort([0x10, control, address, (control + address) & 0xFF, 0x16])


def main() -> int:
    """Send the library's own frames and print its decoding of the answer."""
    host, port, address = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with socket.create_connection((host, port), timeout=_WAIT_S) as line:
        line.sendall(bytes(short_frame(_SND_NKE, address)))
        if line.recv(1) != b"\xe5":
            return 1
        line.sendall(bytes(short_frame(_REQ_UD2, address)))
        octets = b""
        while len(octets) < 4 or len(octets) < octets[1] + 6:
            octets += line.recv(512)
    telegram = meterbus.load(octets)
    print(telegram.to_JSON())
    return 0


if __name__ == "__main__":
    sys.exit(main())
