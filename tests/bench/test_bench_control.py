"""The control socket and the benches: right answers pass on, wrong ones are errors of the bench, in bounded time."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.bench.base import BenchContext
from harness.bench.control import ControlSocket
from harness.bench.names import bench_named
from harness.bench.realtime import RealtimeBench
from harness.bench.reference import ReferenceBench
from harness.errors import BenchError, Inconclusive, UsageError

Reply = Callable[[socket.socket, bytes], None]


def once(name: str, produce: Callable[[], object]) -> object:
    """Stand in for the trace: ask and keep nothing."""
    return produce()


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], str]]:
    """Return a function that starts a control server; each request line goes to ``reply``."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def run(listener: socket.socket, reply: Reply) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed by the end of the test
            with connection, connection.makefile("rb") as lines:
                try:
                    for line in lines:
                        reply(connection, line)
                except OSError:
                    continue  # this connection is over, the next may come

    def start(reply: Reply) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threads.append(threading.Thread(target=run, args=(listener, reply), daemon=True))
        threads[-1].start()
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
    for thread in threads:
        thread.join(5.0)


def saying(octets: bytes, *, then_close: bool = False) -> Reply:
    def reply(connection: socket.socket, line: bytes) -> None:
        connection.sendall(octets)
        if then_close:
            connection.shutdown(socket.SHUT_RDWR)

    return reply


def test_requests_and_answers_are_one_object_a_line(serve: Callable[[Reply], str]) -> None:
    asked: list[Any] = []

    def reply(connection: socket.socket, line: bytes) -> None:
        asked.append(json.loads(line))
        connection.sendall(json.dumps({"ok": True, "number": len(asked)}).encode() + b"\n")

    with ControlSocket(serve(reply)) as control:
        assert control({"op": "now"}) == {"ok": True, "number": 1}
        assert control({"op": "advance", "seconds": 900}) == {"ok": True, "number": 2}
    assert asked == [{"op": "now"}, {"op": "advance", "seconds": 900}]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (saying(b"not json\n"), "Expecting value"),
        (saying(b"[1, 2]\n"), r"answers \[1, 2\]"),
        (saying(b'{"ok": ', then_close=True), "closed the connection"),
        (saying(b"x" * 1_200_000), "an answer without end"),
        (saying(b'{"ok": true'), "timed out"),
    ],
    ids=["no-json", "no-object", "half", "flood", "unfinished"],
)
def test_wrong_answer_is_an_error_of_the_bench_and_the_next_request_may_work(
    serve: Callable[[Reply], str], reply: Reply, told: str
) -> None:
    broken = [True]

    def sometimes(connection: socket.socket, line: bytes) -> None:
        if broken[0]:
            reply(connection, line)
        else:
            connection.sendall(b'{"ok": true}\n')

    with ControlSocket(serve(sometimes), timeout_s=0.5) as control:
        started = time.monotonic()
        with pytest.raises(BenchError, match=told):
            control({"op": "now"})
        assert time.monotonic() - started < 3.0
        broken[0] = False
        control.close()
        assert control({"op": "now"}) == {"ok": True}


def test_connection_that_was_closed_is_opened_again(serve: Callable[[Reply], str]) -> None:
    closes = [True]

    def reply(connection: socket.socket, line: bytes) -> None:
        if closes[0]:
            closes[0] = False
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.sendall(b'{"ok": true}\n')

    with ControlSocket(serve(reply)) as control:
        with pytest.raises(BenchError, match="closed the connection"):
            control({"op": "now"})
        assert control({"op": "now"}) == {"ok": True}


def test_nobody_there_is_an_error_of_the_bench() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(BenchError, match=f"127.0.0.1:{port}"), ControlSocket(f"tcp://127.0.0.1:{port}") as control:
        control({"op": "now"})


@pytest.mark.parametrize("url", ["udp://127.0.0.1:1", "tcp://127.0.0.1", "127.0.0.1:4060"])
def test_url_of_another_form_is_refused(url: str) -> None:
    with pytest.raises(BenchError, match="allowed is tcp://host:port"):
        ControlSocket(url)


def test_reference_bench_asks_what_the_architecture_page_lists() -> None:
    asked: list[dict[str, object]] = []

    def control(request: dict[str, object]) -> dict[str, object]:
        asked.append(request)
        return {"ok": True, "utc": "2026-03-02T09:00:00+00:00", "true_utc": "2026-03-02T10:00:00+00:00"}

    bench = ReferenceBench(control, once)
    assert bench.now() == datetime(2026, 3, 2, 10, tzinfo=UTC)
    bench.advance(900)
    bench.apply(1000.0, 0.0)
    bench.invalidate_clock()
    bench.drop_links()
    assert asked == [
        {"op": "now"},
        {"op": "advance", "seconds": 900},
        {"op": "set_load", "import_w": 1000.0, "export_w": 0.0},
        {"op": "clock_invalid"},
        {"op": "drop_links"},
    ]


@pytest.mark.parametrize("answer", [{}, {"ok": "true"}])
def test_answer_of_the_reference_bench_that_is_none_is_an_error(answer: dict[str, object]) -> None:
    with pytest.raises(BenchError, match="answers"):
        ReferenceBench(lambda request: answer, once).advance(1)


class Waiting:
    """A sleep that only notes how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_real_time_passes_by_waiting() -> None:
    sleep = Waiting()
    bench = RealtimeBench(None, once, sleep)
    bench.advance(900.0)
    assert sleep.slept == [900.0]
    assert abs((datetime.now(UTC) - bench.now()).total_seconds()) < 5.0
    assert bench.kind == "real"
    assert bench.uncertainty_s > 0


def test_replayed_run_waits_for_nothing() -> None:
    sleep = Waiting()
    recorded = {"bench:now": "2026-03-02T10:00:00+00:00", "bench:advance": None}
    bench = RealtimeBench(None, lambda name, produce: recorded[name], sleep)
    bench.advance(86_400.0)
    assert bench.now() == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert sleep.slept == []


def test_load_of_a_real_device_is_the_declared_one_or_none() -> None:
    RealtimeBench((2300.0, 0.0), once).apply(2300.0, 0.0)
    for bench in (RealtimeBench((2300.0, 0.0), once), RealtimeBench(None, once)):
        with pytest.raises(Inconclusive) as told:
            bench.apply(3000.0, 0.0)
        assert told.value.missing == "bench"


def context(control: Callable[[dict[str, object]], dict[str, object]] | None = None) -> BenchContext:
    return BenchContext(control=control, constant_load=None, recall=once)


def test_benches_by_name() -> None:
    assert bench_named(None, context()) is None
    assert isinstance(bench_named("realtime", context()), RealtimeBench)
    assert isinstance(bench_named("reference", context(lambda request: {"ok": True})), ReferenceBench)
    with pytest.raises(UsageError, match=r"'magic': no such bench; allowed: .*realtime, reference"):
        bench_named("magic", context())
    with pytest.raises(Inconclusive, match="needs a loop door"):
        bench_named("reference", context())
