"""Telegrams of the consumer port: pace, contents, deafness."""

from dataclasses import replace

import pytest

from reference_meter.codec.p1 import checksum
from reference_meter.consumer.settings import DSMR_2, DSMR_4, NORDIC, ConsumerSettings
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.server.link import Send, ServerLink


def meter_with(settings: ConsumerSettings) -> Meter:
    return Meter(replace(MeterConfiguration(), consumer=settings))


def heard(meter: Meter, link: ServerLink, until: float) -> list[tuple[float, bytes]]:
    while (due := meter.next_due()) is not None and due <= until:
        meter.tick(due)
    return [(event.due, event.data) for event in link.take_events() if isinstance(event, Send)]


def test_checksum_of_the_nine_digits() -> None:
    assert checksum(b"123456789") == 0xBB3D


@pytest.mark.parametrize("settings", [ConsumerSettings(), DSMR_4, DSMR_2, NORDIC])
def test_one_telegram_each_period(settings: ConsumerSettings) -> None:
    meter = meter_with(settings)
    link = meter.open("p1", 0.25)
    events = heard(meter, link, 5 * settings.period_s)
    begins = [due for due, data in events if data.startswith(b"/")]
    assert len(begins) == 5
    assert begins[1] - begins[0] == pytest.approx(settings.period_s)
    octets = b"".join(data for _, data in events)
    assert octets.count(b"\r\n!") == 5
    length = len(octets) // 5
    last = max(due for due, _ in events)
    assert last == pytest.approx(5 * settings.period_s + length * 10 / settings.baud)


def test_contents_of_the_default_meter() -> None:
    meter = meter_with(ConsumerSettings())
    link = meter.open("p1", 0.0)
    lines = b"".join(data for _, data in heard(meter, link, 1.0)).decode("ascii").split("\r\n")
    assert lines[:2] == ["/CFM5\\2REFMETER-0001", ""]
    assert "0-0:1.0.0(260302110000W)" in lines
    assert "0-0:96.14.0(0001)" in lines
    assert "1-0:1.7.0(00.500*kW)" in lines
    assert "0-0:96.3.10(1)" in lines
    body = "\r\n".join(lines[:-2]) + "\r\n!"
    assert lines[-2:] == [f"!{checksum(body.encode('ascii')):04X}", ""]


def test_nothing_is_heard_and_a_dead_meter_is_silent() -> None:
    meter = meter_with(ConsumerSettings())
    link = meter.open("p1", 0.0)
    link.receive(b"/?!\r\n", 0.5)
    assert not link.take_events()
    assert len(heard(meter, link, 100.0)) > 100
    meter.cut_power()
    assert link.closed
    assert not heard(meter, meter.open("p1", 200.0), 300.0)
