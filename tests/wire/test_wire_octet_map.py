"""Which octets are which field: places are exact, whole and in order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.wire.dissection import FrameProtocol
from harness.wire.octet_map import OctetField, map_apdu, map_frame

GET = "0001 0010 0001 000d c0 01 c1 0003 0100010800ff 02 00"
READ = "0001 0001 0010 0009 c4 01 c1 00 06 001eef9b"
UA = "7e a0 1e 03 21 73 c3 7a 81 80 12 05 01 80 06 01 80 07 04 00 00 00 01 08 04 00 00 00 01 ce 6a 7e"


def named(found: tuple[OctetField, ...]) -> dict[str, tuple[int, int, str]]:
    return {field.name: (field.start, field.end, field.meaning) for field in found}


def test_wrapper_and_request_are_mapped() -> None:
    found = named(map_frame(bytes.fromhex(GET), "wrapper"))
    assert found["source"] == (2, 4, "16")
    assert found["tag"] == (8, 9, "get-request")
    assert found["class_id"] == (11, 13, "3")
    assert found["instance"] == (13, 19, "1.0.1.8.0.255")
    assert found["attribute"] == (19, 20, "2")
    assert found["rest"] == (20, 21, "00")


def test_data_of_an_answer_are_one_field() -> None:
    assert named(map_frame(bytes.fromhex(READ), "wrapper"))["data"] == (12, 17, "06001eef9b")
    assert named(map_apdu(bytes.fromhex(READ)[8:]))["data"] == (4, 9, "06001eef9b")


def test_fields_of_bits_share_a_row() -> None:
    found = named(map_frame(bytes.fromhex(UA), "hdlc"))
    assert found["format_type, segmentation, length"] == (1, 3, "10, 0, 30")
    assert found["control"][:2] == (5, 6)
    assert found["closing_flag"] == (31, 32, "0x7e")


@pytest.mark.parametrize(("text", "protocol"), [(GET, "wrapper"), (READ, "wrapper"), (UA, "hdlc")])
def test_every_octet_is_in_one_field(text: str, protocol: FrameProtocol) -> None:
    octets = bytes.fromhex(text)
    found = map_frame(octets, protocol)
    assert [field.start for field in found] == [0, *(field.end for field in found[:-1])]
    assert found[-1].end == len(octets)


@given(octets=st.binary(max_size=60), protocol=st.sampled_from(["wrapper", "hdlc"]))
def test_any_octets_are_mapped_in_order_or_not_at_all(octets: bytes, protocol: FrameProtocol) -> None:
    for found in (map_frame(octets, protocol), map_apdu(octets)):
        places = [(field.start, field.end) for field in found]
        assert all(start <= end for start, end in places)
        assert all(before[1] <= after[0] for before, after in pairwise(places))
