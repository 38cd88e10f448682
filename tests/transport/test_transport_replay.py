import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConnectionLost, PortGone, ReplayDifference
from harness.transport.base import LineControl, Transport
from harness.transport.contract import Check, Pair, Peer, checks_for
from harness.transport.replay import ReplayTransport
from harness.transport.replay_run import LineRecord, ReplayRun
from harness.transport.urls import TransportFactory

if TYPE_CHECKING:
    from tests.transport.conftest import LoopBench, LoopPeer


def record(kind: str, t: float, data: str | None = None, **fields: object) -> dict[str, Any]:
    line: dict[str, Any] = {"t": t, "key": "k", "step": "When it is read", "door": "d1", "link": 1, "kind": kind}
    return line | ({} if data is None else {"data": data}) | fields


def write_run(folder: Path, records: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"n": n, "wall": 0.0} | fields) + "\n" for n, fields in enumerate(records, 1)]
    (folder / "trace.jsonl").write_text("".join(lines))
    return folder


Replay = Callable[..., Transport]


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """Writes records as a run and opens connection 1 of key ``k`` in it."""

    def opened(*records: dict[str, Any]) -> Transport:
        folder = write_run(tmp_path / "run", list(records))
        return open_replay(folder)

    return opened


def open_replay(folder: Path, key: str = "k", link: int = 1, run: ReplayRun | None = None) -> Transport:
    factory = TransportFactory(replay=run)
    return factory.open(
        f"replay://{folder}", door_id="d1", protocol="wrapper", connect_timeout_s=1.0, key=key, link=link
    )


class Recorder:
    """Records what a transport does, as the session would with one frame a call."""

    def __init__(self, inner: Transport, key: str) -> None:
        self._inner = inner
        self._key = key
        self.records: list[dict[str, Any]] = []

    def _record(self, kind: str, data: bytes | None = None) -> None:
        octets = None if data is None else data.hex()
        self.records.append(record(kind, round(self._inner.now(), 6), octets, key=self._key))

    def send(self, data: bytes) -> None:
        self._record("tx", data)
        self._inner.send(data)

    def receive(self, deadline: float) -> bytes:
        try:
            data = self._inner.receive(deadline)
        except ConnectionLost:
            self._record("lost")
            raise
        self._record("rx" if data else "quiet", data or None)
        return data

    def now(self) -> float:
        return self._inner.now()

    def close(self) -> None:
        self._record("close")
        self._inner.close()


class RecordedPeer:
    """The far side of a recorded run: it has said all that it is going to say."""

    def __init__(self, transport: "Sent") -> None:
        self._transport = transport

    def send(self, data: bytes) -> None:
        """Recorded long ago."""

    def receive(self, length: int) -> bytes:
        taken, self._transport.sent = self._transport.sent[:length], self._transport.sent[length:]
        return taken

    def hang_up(self) -> None:
        """Recorded long ago."""


class Sent:
    """A replaying transport whose accepted octets the recorded peer shows."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.sent = b""
        self.receive, self.now, self.close = inner.receive, inner.now, inner.close

    def send(self, data: bytes) -> None:
        self._inner.send(data)
        self.sent += data


@pytest.mark.parametrize("check", checks_for("stream"), ids=lambda check: check.name)
def test_replay_keeps_the_contract(
    check: Check, bench: "LoopBench", loop_peer: Callable[..., "LoopPeer"], tmp_path: Path
) -> None:
    recorders: list[Recorder] = []

    def make_live(name: str) -> Pair:
        transport, link = bench.open()
        recorders.append(Recorder(transport, name))
        return Pair(transport=recorders[-1], peer=loop_peer(bench.world, link), close=transport.close)

    check(make_live)
    folder = write_run(tmp_path / "run", recorders[0].records)

    def make_replayed(name: str) -> Pair:
        transport = Sent(open_replay(folder, key=name))
        peer: Peer = RecordedPeer(transport)
        return Pair(transport=transport, peer=peer, close=transport.close)

    check(make_replayed)


def test_records_come_back_with_their_times(replay: Replay) -> None:
    line = replay(
        record("open", 1.0),
        record("tx", 1.5, "0102"),
        record("apdu_tx", 1.5, "0102"),
        record("rx", 1.75, "0a"),
        record("quiet", 3.0),
        record("lost", 3.5, event="reset"),
    )
    assert line.now() == 1.0
    line.send(b"\x01\x02")
    assert line.now() == 1.5
    assert (line.receive(9.0), line.now()) == (b"\x0a", 1.75)
    assert (line.receive(2.5), line.now()) == (b"", 3.0)
    with pytest.raises(ConnectionLost, match=r"reset \(recorded as frame 6\)"):
        line.receive(9.0)
    assert line.now() == 3.5
    with pytest.raises(ConnectionLost, match="reset"):
        line.receive(9.0)


def test_quiet_never_ends_before_the_deadline_that_was_rounded(replay: Replay) -> None:
    line = replay(record("quiet", 2.0))
    assert line.receive(2.0000004) == b""
    assert line.now() == 2.0000004


def test_one_send_may_cover_several_frames_and_several_sends_one(replay: Replay) -> None:
    line = replay(record("tx", 1.0, "01"), record("tx", 2.0, "0203"), record("tx", 3.0, "04050607"))
    line.send(b"\x01\x02\x03\x04")
    line.send(b"\x05")
    assert line.now() == 2.0
    line.send(b"\x06\x07")
    assert line.now() == 3.0


def test_masked_octets_may_differ_and_come_back_as_zero(replay: Replay) -> None:
    line = replay(record("tx", 1.0, "01****04", masked=[[1, 2]]), record("rx", 1.0, "aa**", masked=[[1, 1]]))
    line.send(b"\x01\x99\x98\x04")
    assert line.receive(2.0) == b"\xaa\x00"


def test_difference_names_frame_step_offset_and_octets(replay: Replay) -> None:
    line = replay(record("rx", 0.5, "00"), record("tx", 1.0, "010203**05060708090a"))
    line.receive(1.0)
    with pytest.raises(ReplayDifference) as caught:
        line.send(bytes.fromhex("010204"))
    text = str(caught.value)
    assert "replay of k, door d1, connection 1: frame 2 (tx, step 'When it is read'), offset 2" in text
    assert "recorded 03 ** 05 06 07 08 09 0A, asked to send 04" in text


def test_difference_in_a_later_part_counts_from_the_start_of_the_frame(replay: Replay) -> None:
    line = replay(record("tx", 1.0, "010203"))
    line.send(b"\x01\x02")
    with pytest.raises(ReplayDifference, match="offset 2: recorded 03, asked to send FF"):
        line.send(b"\xff")


def test_frames_that_arrived_before_a_send_may_be_read_after_it(replay: Replay) -> None:
    line = replay(record("rx", 1.0, "0a"), record("rx", 1.0, "0b"), record("tx", 2.0, "01"), record("rx", 3.0, "0c"))
    assert line.receive(9.0) == b"\x0a"
    line.send(b"\x01")
    assert (line.receive(9.0), line.receive(9.0)) == (b"\x0b", b"\x0c")


def test_chunk_stands_for_its_parts(replay: Replay) -> None:
    line = replay(record("chunk", 1.0, "0a0bff"), record("rx", 1.0, "0a0b", part=True), record("rx", 2.0, "0c"))
    assert (line.receive(9.0), line.receive(9.0)) == (b"\x0a\x0b\xff", b"\x0c")


def test_receive_in_the_middle_of_a_recorded_send_is_a_difference(replay: Replay) -> None:
    line = replay(record("tx", 1.0, "0102"), record("rx", 2.0, "0a"))
    line.send(b"\x01")
    with pytest.raises(ReplayDifference, match=r"asked to receive where the recorded run has frame 1 \(tx"):
        line.receive(9.0)


@pytest.mark.parametrize("kind", ["quiet", "close"])
def test_send_where_none_was_recorded_is_a_difference(kind: str, replay: Replay) -> None:
    line = replay(record(kind, 1.0))
    with pytest.raises(ReplayDifference, match=rf"asked to send 01 02 where the recorded run has frame 1 \({kind}"):
        line.send(b"\x01\x02")


def test_end_of_the_records_is_a_difference(replay: Replay) -> None:
    line = replay(record("open", 1.0))
    with pytest.raises(ReplayDifference, match="asked to receive where the recorded run has its end"):
        line.receive(9.0)
    with pytest.raises(ReplayDifference, match="asked to send 01 where the recorded run has its end"):
        line.send(b"\x01")


def test_recorded_loss_ends_a_send(replay: Replay) -> None:
    line = replay(record("rx", 1.0, "0a"), record("lost", 2.0))
    with pytest.raises(ConnectionLost, match="the device closed the connection"):
        line.send(b"\x01")
    assert line.receive(9.0) == b"\x0a"
    with pytest.raises(ConnectionLost):
        line.receive(9.0)


def test_port_that_was_gone_is_gone_again(replay: Replay) -> None:
    with pytest.raises(PortGone, match=r"failed: Connection refused \(recorded as frame 1\)"):
        replay(record("open", 1.0, event="failed: Connection refused"))


def test_long_record_comes_in_bounded_parts(replay: Replay) -> None:
    line = replay(record("rx", 1.0, "55" * 70_000))
    assert [len(line.receive(9.0)) for _ in range(2)] == [65_536, 4_464]


def test_line_changes_are_accepted(replay: Replay) -> None:
    line = replay(record("rx", 1.0, "0a"))
    assert isinstance(line, LineControl)
    line.set_line(9600, "8N1")
    line.close()
    line.close()


def test_connections_are_told_apart_by_key_door_and_number(tmp_path: Path) -> None:
    records = [
        record("rx", 1.0, "01"),
        record("rx", 1.0, "02", link=2),
        record("rx", 1.0, "03", key="other"),
        record("rx", 1.0, "04", door="d2"),
        record("rx", 1.0, "05"),
    ]
    folder = write_run(tmp_path / "run", records)
    run = ReplayRun(folder)
    one, two, other = (open_replay(folder, key, link, run) for key, link in (("k", 1), ("k", 2), ("other", 1)))
    assert (two.receive(9.0), other.receive(9.0)) == (b"\x02", b"\x03")
    assert (one.receive(9.0), one.receive(9.0)) == (b"\x01", b"\x05")
    with pytest.raises(ReplayDifference, match="connection 3 through door d1 in k was never opened"):
        open_replay(folder, "k", 3, run)


@given(frames=st.lists(st.binary(min_size=1, max_size=9), min_size=1), sizes=st.lists(st.integers(1, 12)))
def test_sends_may_be_cut_in_any_way(frames: list[bytes], sizes: list[int]) -> None:
    records = [line_record("tx", float(n), octets) for n, octets in enumerate(frames, 1)]
    line = ReplayTransport(iter(records), name="run")
    whole = b"".join(frames)
    for size in [*sizes, len(whole)]:
        part, whole = whole[:size], whole[size:]
        line.send(part)
    assert line.now() == float(len(frames))


def line_record(kind: str, t: float, octets: bytes) -> LineRecord:
    return LineRecord(n=1, t=t, kind=kind, step="", event="", octets=octets, masked=bytes(len(octets)))
