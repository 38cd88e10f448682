# SPDX-License-Identifier: GPL-2.0-only
"""Captures, read back by scapy's reader."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scapy.utils import RawPcapNgReader

from harness.wire.capture import octets_of, write_pcapng


def record(n: int, kind: str, data: str = "", **more: Any) -> dict[str, Any]:
    return {
        "n": n,
        "t": n * 0.5,
        "wall": 1_772_445_600.0,
        "key": "TR-Conf.08a-P01@tcp",
        "step": "When the head end reads the clock",
        "door": "tcp",
        "link": 1,
        "kind": kind,
        "data": data,
        "event": "get-request-normal",
    } | more


def packets(path: Path) -> list[tuple[bytes, Any]]:
    with RawPcapNgReader(str(path)) as reader:
        return [(octets, metadata) for octets, metadata in reader]


def text_of(metadata: Any) -> str:
    return "\n".join(comment.decode() for comment in metadata.comments)


def test_frames_come_back_with_time_direction_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "capture.pcapng"
    records = [record(1, "tx", "c001c1"), record(2, "apdu_rx", "c401"), record(3, "rx", "c401c1"), record(4, "note")]
    assert write_pcapng(path, records, clauses=["TR-Conf.08a", "SU3.step2"]) == 2
    (sent, first), (received, second) = packets(path)
    assert (sent, received) == (b"\xc0\x01\xc1", b"\xc4\x01\xc1")
    assert (first.linktype, first.direction, second.direction) == (147, 2, 1)
    assert first.ifname == b"tcp"
    ticks = [(each.tshigh << 32) + each.tslow for each in (first, second)]
    assert ticks[0] == 1_772_445_600_000_000
    assert ticks[1] - ticks[0] == 1_000_000
    assert "step: When the head end reads the clock" in text_of(first)
    assert "clauses: TR-Conf.08a, SU3.step2" in text_of(first)
    assert "event: get-request-normal" in text_of(second)
    assert "frame 3, link 1" in text_of(second)


def test_masked_octets_are_zeros_and_the_comment_says_so(tmp_path: Path) -> None:
    path = tmp_path / "capture.pcapng"
    write_pcapng(path, [record(1, "tx", "60****36", masked=[[1, 2]])])
    ((octets, metadata),) = packets(path)
    assert octets == b"\x60\x00\x00\x36"
    assert "written as 00 (2 from octet 1)" in text_of(metadata)


def test_mask_without_its_list_is_still_named(tmp_path: Path) -> None:
    path = tmp_path / "capture.pcapng"
    write_pcapng(path, [record(1, "tx", "**36****")])
    ((_, metadata),) = packets(path)
    assert "(1 from octet 0, 2 from octet 2)" in text_of(metadata)


def test_each_door_is_an_interface_with_its_own_time(tmp_path: Path) -> None:
    path = tmp_path / "capture.pcapng"
    write_pcapng(path, [record(1, "tx", "01"), record(2, "tx", "02", door="hdlc"), record(3, "rx", "03")])
    assert [metadata.ifname for _, metadata in packets(path)] == [b"tcp", b"hdlc", b"tcp"]
    assert [metadata.tslow - packets(path)[0][1].tslow for _, metadata in packets(path)] == [0, 0, 1_000_000]


def test_unreadable_record_leaves_no_capture(tmp_path: Path) -> None:
    path = tmp_path / "capture.pcapng"
    with pytest.raises(ValueError, match="fromhex"):
        write_pcapng(path, [record(1, "tx", "zz")])
    assert not path.exists()


@given(st.lists(st.tuples(st.sampled_from(["tx", "rx"]), st.binary(min_size=1, max_size=70)), max_size=8))
@settings(max_examples=50)
def test_any_octets_come_back(tmp_path_factory: pytest.TempPathFactory, frames: list[tuple[str, bytes]]) -> None:
    path = tmp_path_factory.mktemp("capture") / "capture.pcapng"
    write_pcapng(path, [record(n, kind, octets.hex()) for n, (kind, octets) in enumerate(frames, start=1)])
    if frames:
        assert [octets for octets, _ in packets(path)] == [octets for _, octets in frames]
    assert path.stat().st_size % 4 == 0


@given(st.binary(max_size=20))
def test_octets_of_unmasked_data_are_themselves(octets: bytes) -> None:
    assert octets_of(octets.hex()) == octets
