"""Measures a raw blocking socket against an echo: what the operating system alone takes of an exchange."""

import argparse
import json
import socket
import sys
import time

OCTETS = 21  # a GET in its wrapper


def main() -> int:
    """Measure as often as asked and print every result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=5)
    options = parser.parse_args()
    results = []
    with socket.create_connection(("127.0.0.1", options.port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(options.batches):
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(options.count):
                line.sendall(bytes(OCTETS))
                line.recv(65_536)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            results.append({"cpu_s": cpu / options.count, "wall_s": wall / options.count})
    print(json.dumps(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
