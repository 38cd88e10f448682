"""A server without a meter: canned answers over the wrapper on one port, a plain echo on another.

Prints ``ready PORT ECHO_PORT``. It knows no codec: it looks at the tag and copies the invoke octet. A GET of class 7
gives a profile of ``--rows`` rows in blocks of ``--block`` octets, any other GET one double-long-unsigned.
"""

import argparse
import socket
import struct
import threading

HEADER = struct.Struct(">HHHH")
AARE = bytes.fromhex("6129 A109060760857405080101 A203020100 A305A103020100 BE10040E 08 00 06 5F1F0400001E1D 0400 0007")
RLRE = bytes.fromhex("6303 800100")
VALUE = bytes.fromhex("00 06 001EE178")
PROFILE_CLASS = bytes.fromhex("0007")


def profile(rows: int) -> bytes:
    """An array of rows {octet-string 12, unsigned, double-long-unsigned, double-long-unsigned}."""
    octets = bytearray(b"\x01\x82" + rows.to_bytes(2, "big"))
    for row in range(rows):
        day, quarter = divmod(row, 96)
        date = struct.pack(">HBBB", 2026 + day // 336, 1 + day // 28 % 12, 1 + day % 28, 0xFF)
        time = struct.pack(">BBBBhB", quarter // 4, quarter % 4 * 15, 0, 0, -60, 0)
        octets += b"\x02\x04\x09\x0c" + date + time + b"\x11" + bytes([row % 3])
        octets += b"\x06" + struct.pack(">I", 1000 * row) + b"\x06" + struct.pack(">I", 7 * row)
    return bytes(octets)


class Answers:
    """What one connection is told."""

    def __init__(self, value: bytes, block_octets: int) -> None:
        self._blocks = [value[at : at + block_octets] for at in range(0, len(value), block_octets)]

    def to(self, request: bytes) -> bytes:
        """Return the answer to one APDU."""
        if request[0] == 0x60:
            return AARE
        if request[0] == 0x62:
            return RLRE
        if request[:2] == b"\xc0\x02":
            return self._block(request[2], int.from_bytes(request[3:7], "big") + 1)
        if request[3:5] == PROFILE_CLASS:
            return self._block(request[2], 1)
        return b"\xc4\x01" + request[2:3] + VALUE

    def _block(self, invoke: int, number: int) -> bytes:
        octets = self._blocks[number - 1]
        last = number == len(self._blocks)
        head = bytes((0xC4, 0x02, invoke, last)) + number.to_bytes(4, "big") + b"\x00"
        return head + b"\x82" + len(octets).to_bytes(2, "big") + octets


def serve_canned(line: socket.socket, answers: Answers) -> None:
    """Answer each wrapper frame until the client goes."""
    buffer = b""
    while data := line.recv(65_536):
        buffer += data
        while len(buffer) >= HEADER.size:
            version, source, destination, length = HEADER.unpack_from(buffer)
            end = HEADER.size + length
            if len(buffer) < end:
                break
            answer = answers.to(buffer[HEADER.size : end])
            buffer = buffer[end:]
            line.sendall(HEADER.pack(version, destination, source, len(answer)) + answer)


def serve_echo(line: socket.socket) -> None:
    """Send back what comes."""
    while data := line.recv(65_536):
        line.sendall(data)


def accept_canned(listener: socket.socket, answers: Answers) -> None:
    while True:
        line, _ = listener.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve_canned, args=(line, answers), daemon=True).start()


def accept_echo(listener: socket.socket) -> None:
    while True:
        line, _ = listener.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve_echo, args=(line,), daemon=True).start()


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--block", type=int, default=1000)
    options = parser.parse_args()
    canned = socket.create_server(("127.0.0.1", 0))
    echo = socket.create_server(("127.0.0.1", 0))
    answers = Answers(profile(options.rows), options.block)
    print("ready", canned.getsockname()[1], echo.getsockname()[1], flush=True)
    threading.Thread(target=accept_echo, args=(echo,), daemon=True).start()
    accept_canned(canned, answers)


if __name__ == "__main__":
    main()
