"""Pushes leave a served meter over TCP and UDP, again after a power cut, and get lost where nobody listens."""

import asyncio
from dataclasses import replace

import pytest

from reference_meter.listen_url import PUSH_FORMS, ListenUrl
from reference_meter.meter import Meter
from reference_meter.model.configuration import MeterConfiguration
from reference_meter.push_outlet import PushOutlet
from reference_meter.serve import ServedMeter

DAY = {"op": "advance", "seconds": 86_400}


def plain_meter() -> Meter:
    configuration = MeterConfiguration()
    return Meter(replace(configuration, push=replace(configuration.push, control=0)))


async def pushed_over_tcp() -> list[bytes]:
    got: asyncio.Queue[bytes] = asyncio.Queue()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.put_nowait(await reader.read())
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    served = ServedMeter(plain_meter(), real_clock=False)
    PushOutlet(served, ListenUrl(scheme="tcp", host="127.0.0.1", port=server.sockets[0].getsockname()[1])).open()
    served.control(DAY)
    found = [await asyncio.wait_for(got.get(), 5)]
    served.control({"op": "power_cut"})
    served.control({"op": "power_restore"})
    await asyncio.sleep(1.2)
    served.control(DAY)
    found.append(await asyncio.wait_for(got.get(), 5))
    server.close()
    return found


def test_one_connection_for_each_push_and_again_after_a_power_cut() -> None:
    first, second = asyncio.run(pushed_over_tcp())
    for octets in (first, second):
        assert octets[:6] == bytes.fromhex("0001 0001 0066")
        assert int.from_bytes(octets[6:8], "big") == len(octets) - 8
        assert octets[8] == 0x0F


async def pushed_over_udp() -> bytes:
    loop = asyncio.get_running_loop()
    got: asyncio.Queue[bytes] = asyncio.Queue()

    class Taker(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            got.put_nowait(data)

    transport, _ = await loop.create_datagram_endpoint(Taker, local_addr=("127.0.0.1", 0))
    served = ServedMeter(plain_meter(), real_clock=False)
    port = transport.get_extra_info("sockname")[1]
    PushOutlet(served, ListenUrl(scheme="udp", host="127.0.0.1", port=port)).open()
    served.control(DAY)
    data = await asyncio.wait_for(got.get(), 5)
    transport.close()
    return data


def test_one_datagram_for_each_push() -> None:
    assert asyncio.run(pushed_over_udp())[8] == 0x0F


async def pushed_to_nobody() -> object:
    served = ServedMeter(plain_meter(), real_clock=False)
    PushOutlet(served, ListenUrl(scheme="tcp", host="127.0.0.1", port=1)).open()
    served.control(DAY)
    await asyncio.sleep(0.2)
    return served.control({"op": "now"})["ok"]


def test_where_nobody_listens_the_meter_goes_on() -> None:
    assert asyncio.run(pushed_to_nobody()) is True


def test_places_of_pushes() -> None:
    assert ListenUrl.parse("udp://127.0.0.1:4059", PUSH_FORMS).port == 4059
    with pytest.raises(ValueError, match="udp://host:port"):
        ListenUrl.parse("hdlc+tcp://127.0.0.1:4059", PUSH_FORMS)
