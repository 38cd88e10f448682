"""A third-party parser reads the telegrams of the reference meter and sees what the harness sees.

It runs in a process of its own (``p1_reader.py``); a missing library fails these tests.
"""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.protocol.p1 import Address, Telegram
from reference_meter.consumer.contents import ConsumerContents
from reference_meter.consumer.settings import DSMR_2, DSMR_4, ConsumerSettings
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration

READER = Path(__file__).with_name("p1_reader.py")


def read_with_third_party(octets: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([sys.executable, str(READER)], input=octets, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("settings", [ConsumerSettings(), DSMR_4, DSMR_2], ids=["5", "4", "2"])
def test_third_party_parser_reads_our_telegrams(settings: ConsumerSettings) -> None:
    meter = Meter(replace(MeterConfiguration(), consumer=settings, import_w=2345.0))
    octets = ConsumerContents(settings, meter.model.parts).telegram()
    telegram = Telegram.parse(octets, checksum=settings.checked)
    done = read_with_third_party(octets)
    assert done.returncode == 0, done.stderr
    understood = json.loads(done.stdout)
    assert understood.pop("tariff") == telegram.tariff
    assert understood.pop("gas") == float(telegram.sub_meters[1].quantity.value)
    for address, value in understood.items():
        quantity = telegram.quantity(Address.parse(address))
        assert quantity is not None
        assert value == float(quantity.value), address


def test_third_party_parser_refuses_a_damaged_telegram() -> None:
    meter = Meter(MeterConfiguration())
    octets = ConsumerContents(ConsumerSettings(), meter.model.parts).telegram()
    done = read_with_third_party(octets.replace(b"0-0:96.14.0(0001)", b"0-0:96.14.0(0002)"))
    assert done.returncode != 0
    assert b"invalid checksum" in done.stderr
