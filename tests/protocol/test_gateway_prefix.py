import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import AnswerOfAnother, DecodeError, ProtocolViolation
from harness.protocol.gateway import REQUEST, RESPONSE, GatewayPrefix
from harness.session import GatewayRoute
from harness.wire.layers import Gateway
from reference_meter.codec.octets import Malformed
from reference_meter.gateway import prefix as of_meter

VECTORS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "vectors" / "gateway.toml").read_text(encoding="utf-8")
)["vector"]
ADDRESSES = st.binary(max_size=255)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_reference_octets_in_both_directions(vector: dict[str, Any]) -> None:
    octets, apdu = bytes.fromhex(vector["hex"]), bytes.fromhex(vector["apdu"])
    prefix = GatewayPrefix(header=vector["header"], network=vector["network"], address=bytes.fromhex(vector["address"]))
    assert prefix.to_bytes() + apdu == octets
    assert GatewayPrefix.take_off(octets) == (prefix, apdu)
    envelope = of_meter.decode(octets)
    assert (envelope.header, envelope.network, envelope.address, envelope.apdu) == (
        prefix.header,
        prefix.network,
        prefix.address,
        apdu,
    )
    assert of_meter.encode(envelope) == octets
    shown = Gateway(octets)
    assert (shown.network_id, shown.address) == (prefix.network, prefix.address)


@given(st.integers(0, 255), ADDRESSES, st.binary(min_size=1, max_size=50))
def test_route_takes_off_what_it_puts_on(network: int, address: bytes, apdu: bytes) -> None:
    route = GatewayRoute(network=network, address=address)
    assert route.outbound(apdu) == GatewayPrefix(header=REQUEST, network=network, address=address).to_bytes() + apdu
    answer = GatewayPrefix(header=RESPONSE, network=network, address=address).to_bytes() + apdu
    assert route.inbound(answer) == apdu


@pytest.mark.parametrize(
    "octets",
    ["E6 01 01 01 C4 01", "E7 02 01 01 C4 01", "E7 01 01 02 C4 01", "E7 01 02 01 01 C4 01", "E7 01 00 C4 01"],
)
def test_answer_from_elsewhere_is_a_violation(octets: str) -> None:
    with pytest.raises(ProtocolViolation, match="request for 01 in network 1"):
        GatewayRoute(network=1, address=b"\x01").inbound(bytes.fromhex(octets))


def test_the_answer_of_another_device_says_whose_it_is() -> None:
    with pytest.raises(AnswerOfAnother) as caught:
        GatewayRoute(network=1, address=b"\x01").inbound(bytes.fromhex("E7 02 02 0A 0B C4 01"))
    assert (caught.value.network, caught.value.address) == (2, b"\x0a\x0b")
    with pytest.raises(ProtocolViolation) as caught_request:
        GatewayRoute(network=1, address=b"\x01").inbound(bytes.fromhex("E6 01 01 01 C4 01"))
    assert not isinstance(caught_request.value, AnswerOfAnother)


@pytest.mark.parametrize("octets", ["", "E7", "E7 01", "E7 01 01", "E7 01 01 01", "C4 01 41 00 11 05"])
def test_no_prefix_and_no_apdu(octets: str) -> None:
    with pytest.raises(DecodeError):
        GatewayPrefix.take_off(bytes.fromhex(octets))
    with pytest.raises(Malformed):
        of_meter.decode(bytes.fromhex(octets))


@pytest.mark.parametrize(("header", "network", "octets"), [(0xE5, 0, 0), (REQUEST, 256, 0), (REQUEST, 0, 256)])
def test_what_has_no_room(header: int, network: int, octets: int) -> None:
    with pytest.raises(ValueError, match=r"allowed|at most"):
        GatewayPrefix(header=header, network=network, address=bytes(octets)).to_bytes()
