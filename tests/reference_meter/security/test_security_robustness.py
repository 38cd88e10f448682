"""Whatever comes, ciphered or not, the meter gives no data away and the good client goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference_meter.meter import Meter
from reference_meter.play_keys import TEST_SECURITY
from reference_meter.security.protected_apdu import GLOBAL_OF_PLAIN

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()

REQUEST_TAGS = [*GLOBAL_OF_PLAIN, *GLOBAL_OF_PLAIN.values(), 0xD0, 0xD1, 0xD3, 0xD9, 0xDB, 0xDC, 0xDD, 0xDF, 0xE0]
TAGGED = st.builds(lambda tag, rest: bytes([tag]) + rest, st.sampled_from(REQUEST_TAGS), st.binary(max_size=60))
# One meter for all examples: each of them leaves it as the next one finds it.
ONE_METER = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ONE_METER
@given(garbage=st.one_of(TAGGED, st.binary(min_size=1, max_size=60)))
def test_garbage_without_keys_reaches_no_object(meter: Meter, reader: Any, garbage: bytes) -> None:
    if garbage[0] in (0x60, 0x62):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meter.model, "find", lambda *asked: pytest.fail(f"the model was asked for {asked}"))
        for answer in reader.send(garbage):
            assert answer[0] == 0xD8 or reader.opened(answer)
    assert reader.ask(GET_NAME) == GOT_NAME


@ONE_METER
@given(inner=st.one_of(TAGGED, st.binary(max_size=60)), tag=st.sampled_from([0xC8, 0xC9, 0xCB, 0xDB]))
def test_garbage_with_keys(reader: Any, inner: bytes, tag: int) -> None:
    answers = reader.send(reader.protected(inner, tag=tag, title=reader.title if tag == 0xDB else None))
    assert len(answers) <= 1
    for answer in answers:
        assert answer[0] == 0xD8 or reader.opened(answer)
    assert reader.ask(GET_NAME) == GOT_NAME


@ONE_METER
@given(information=st.binary(max_size=60), context=st.sampled_from([1, 3]), mechanism=st.integers(0, 7))
def test_association_requests_without_keys(
    meter: Meter, make_client: Callable[..., Any], information: bytes, context: int, mechanism: int
) -> None:
    client = make_client(meter)
    for aare in client.send(client.aarq(information, context=context, mechanism=mechanism)):
        assert bytes.fromhex("A203020101") in aare
    assert client.send(bytes.fromhex(GET_NAME)) == [bytes.fromhex("D80101")]
    assert meter.model.open_associations == set()


HEADER = bytes.fromhex("0800000000000000FF 08") + TEST_SECURITY.client_system_title
HEADER += b"\x08" + TEST_SECURITY.system_title + b"\x00\x00"
END_TO_END = st.builds(
    lambda tag, key, rest: bytes([tag]) + HEADER + key + rest,
    st.sampled_from([0xDD, 0xDF]),
    st.sampled_from(
        [
            bytes.fromhex(key)
            for key in (
                "00",
                "010000",
                "010001",
                "01010010",
                "01010018" + 24 * "07",
                "0102010140" + 64 * "01",
                "01020102 00",
            )
        ]
    ),
    st.binary(max_size=80),
)


@ONE_METER
@given(st.lists(st.tuples(END_TO_END, st.integers(0, 30)), max_size=4))
def test_end_to_end_without_keys(reader: Any, pieces: list[tuple[bytes, int]]) -> None:
    for octets, cut in pieces:
        assert reader.send(octets[: len(octets) - cut]) == []
    assert reader.ask(GET_NAME) == GOT_NAME


@ONE_METER
@given(
    outer=st.sampled_from([0xC8, 0xC9, 0xCB, 0xD0, 0xDB, 0xDC, 0xDD, 0xDF, 0x21]),
    control=st.integers(0, 255),
    counter=st.integers(0, 0xFFFFFFFF),
    body=st.binary(max_size=40),
)
def test_no_frame_without_keys_moves_the_counter(
    meter: Meter, reader: Any, outer: int, control: int, counter: int, body: bytes
) -> None:
    store = meter.model.security
    assert store is not None
    before = store.announced_counter()
    inner = bytes([control]) + counter.to_bytes(4, "big") + body
    title = b"\x08" + reader.title if outer in (0xDB, 0xDC) else b""
    reader.send(bytes([outer]) + title + bytes([len(inner)]) + inner)
    assert store.announced_counter() == before
    assert reader.ask(GET_NAME) == GOT_NAME
