"""Reads one telegram from standard input with a third-party parser and prints what it understood.

The parser (smeterd) is under GPL-3.0, so this is a program of its own.
"""

import json
import sys

from smeterd.meter import P1Packet

packet = P1Packet(sys.stdin.buffer.read())
kwh, gas = packet["kwh"], packet["gas"]
print(
    json.dumps(
        {
            "1-0:1.8.1": kwh["low"]["consumed"],
            "1-0:1.8.2": kwh["high"]["consumed"],
            "1-0:2.8.1": kwh["low"]["produced"],
            "1-0:2.8.2": kwh["high"]["produced"],
            "1-0:1.7.0": kwh["current_consumed"],
            "1-0:2.7.0": kwh["current_produced"],
            "tariff": kwh["tariff"],
            "gas": gas["total"],
        }
    )
)
