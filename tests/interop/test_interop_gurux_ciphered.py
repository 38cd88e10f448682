"""A third-party client associates with the ciphered reference meter, which understands another's ciphering so.

The Gurux client runs in a process of its own (``gurux_ciphered_reader.py``); a missing library fails these tests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reference_meter.loop import configuration_of
from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY

ROOT = Path(__file__).parents[2]
READER = Path(__file__).with_name("gurux_ciphered_reader.py")
ENERGY = "1.0.1.8.0.255"
DEDICATED = "--dedicated-key=00112233445566778899AABBCCDDEEFF"


@pytest.fixture(scope="module")
def doors() -> Iterator[dict[str, str]]:
    """Ports of a meter in its own process, by protocol."""
    command = [sys.executable, "-m", "reference_meter", "--variant", "ciphered"]
    command += ["--listen", "tcp://127.0.0.1:0", "--listen", "hdlc+tcp://127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready, wrapper, hdlc, *_ = process.stdout.readline().split()
            assert ready == "ready"
            yield {"wrapper": wrapper.rpartition(":")[2], "hdlc": hdlc.rpartition(":")[2]}
        finally:
            process.terminate()


def read_with_gurux(interface: str, port: str, client: int, counter: int, *options: str) -> dict[str, Any]:
    command = [sys.executable, str(READER), "--host", "127.0.0.1", "--interface", interface, "--port", port]
    command += ["--client", str(client), "--counter", str(counter), "--register", ENERGY]
    command += ["--title", TEST_SECURITY.client_system_title.hex()]
    command += ["--encryption-key", TEST_SECURITY.keys.unicast.hex()]
    command += ["--authentication-key", TEST_SECURITY.keys.authentication.hex(), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["what"]: line["value"] for line in lines}


@pytest.mark.parametrize(
    ("interface", "client", "counter", "options"),
    [
        ("wrapper", 2, 10, []),
        ("hdlc", 2, 1000, []),
        ("wrapper", 1, 2000, [DEDICATED]),
        ("hdlc", 1, 3000, [DEDICATED, "--protected-release"]),
        ("wrapper", 2, 4000, ["--protected-release"]),
    ],
)
def test_gurux_reads_the_ciphered_meter(
    doors: dict[str, str], interface: str, client: int, counter: int, options: list[str]
) -> None:
    theirs = read_with_gurux(interface, doors[interface], client, counter, *options)
    model = Meter(configuration_of("ciphered")).model
    role = next(one.role for one in model.configuration.clients if one.sap == client)
    objects = {
        (item.class_id, ".".join(map(str, item.obis)), item.version)
        for item in model.objects.values()
        if item.visible_to(role)
    }
    assert {tuple(one) for one in theirs["objects"]} == objects | {(15, "0.0.40.0.0.255", 1)}
    register = bytes(map(int, ENERGY.split(".")))
    assert theirs["register"] == model.get(client, 3, register, 2, None)[1]
    assert theirs["counter"] > counter
