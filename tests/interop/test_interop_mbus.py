"""A third-party decoder reads the reference meter over M-Bus and sees what the harness's decoder sees.

The library runs in a process of its own (``mbus_reader.py``); the metering clock stands still while both read.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from harness.protocol import mbus

ROOT = Path(__file__).parents[2]
READER = Path(__file__).with_name("mbus_reader.py")
WAIT_S = 30


@contextmanager
def served(variant: str) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "reference_meter", "--variant", variant, "--listen", "mbus+tcp://127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = urlsplit(process.stdout.readline().split()[-1])
            assert url.hostname is not None
            assert url.port is not None
            yield url.hostname, url.port
        finally:
            process.terminate()


def read_with_library(host: str, port: int, address: int) -> dict[str, Any]:
    command = [sys.executable, str(READER), host, str(port), str(address)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read_with_harness(host: str, port: int, address: int) -> mbus.Telegram:
    with socket.create_connection((host, port), timeout=WAIT_S) as line:
        line.sendall(mbus.ShortFrame(control=mbus.Control.SND_NKE, address=address).to_bytes())
        assert line.recv(1) == b"\xe5"
        line.sendall(mbus.ShortFrame(control=0x7B, address=address).to_bytes())
        reader = mbus.FrameReader()
        while (frame := reader.receive_data(line.recv(512))) is None:
            pass
    assert isinstance(frame, mbus.LongFrame)
    telegram = mbus.telegram_of(frame)
    assert isinstance(telegram, mbus.Telegram)
    return telegram


def seen_by_library(found: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    records = found["body"]["records"]
    return [(unit_of(one), one["storage_number"], one.get("tariff", 0), plain(one["value"])) for one in records]


def unit_of(record: dict[str, Any]) -> str:
    unit: str = record["unit"].removeprefix("MeasureUnit.")
    return {"WH": "Wh", "M3": "m3", "DATE_TIME": "", "DATE": "", "NONE": ""}.get(unit, unit)


def plain(value: object) -> str:
    if isinstance(value, int | float):
        return f"{float(value):g}"
    return str(value)


def seen_by_harness(telegram: mbus.Telegram) -> list[tuple[str, int, int, str]]:
    return [(one.quantity.unit, one.storage, one.tariff, ours(one)) for one in telegram.records]


def ours(record: mbus.Record) -> str:
    value = record.value
    if isinstance(value, mbus.MBusTime):
        assert value.moment is not None
        return value.moment.isoformat(timespec="minutes") if isinstance(value.moment, datetime) else str(value.moment)
    assert isinstance(value, int | Fraction | str)
    return f"{float(value):g}"


@pytest.mark.parametrize(("variant", "address"), [("default", 1), ("child-in-register", 2)])
def test_the_library_sees_what_the_harness_sees(variant: str, address: int) -> None:
    with served(variant) as (host, port):
        theirs = read_with_library(host, port, address)
        own = read_with_harness(host, port, address)
    assert seen_by_library(theirs) == seen_by_harness(own)
    header = theirs["body"]["header"]
    assert own.header.address is not None
    identification = "".join(f"{int(octet, 16):02x}" for octet in header["identification"].split(", "))
    assert (identification, header["manufacturer"]) == (
        own.header.address.identification,
        own.header.address.manufacturer,
    )
    assert int(header["medium"], 16) == own.header.address.medium
