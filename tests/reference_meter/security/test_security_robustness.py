"""Whatever comes, ciphered or not, the meter gives no data away and the good client goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference_meter.meter import Meter
from reference_meter.security.protected_apdu import GLOBAL_OF_PLAIN

GET_NAME = "C001C1 0001 00002A0000FF 02 00"
GOT_NAME = "c401c1000910" + b"CFM0000000000001".hex()

REQUEST_TAGS = [*GLOBAL_OF_PLAIN, *GLOBAL_OF_PLAIN.values(), 0xD0, 0xD1, 0xD3, 0xDB, 0xDC, 0xDD, 0xE0]
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
