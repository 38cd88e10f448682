"""What a GET and a long load profile cost the client, against the Gurux client and a raw socket."""

from typing import TYPE_CHECKING

import pytest

from reference_meter.play_keys import TEST_SECURITY

if TYPE_CHECKING:
    from benchmarks.conftest import Bench

AIM_OF_GET = 3.0  # not reached so far; the floor keeps what has been reached
FLOOR_OF_GET = 1.4
AIM_OF_PROFILE = 6.0
AIM_OF_CIPHERED_GET = 12.0
LEAST_SHARE_OF_CLEAR = 0.6
"""The rate of ciphered GETs against that of clear ones."""
ROWS = "10000"
READING = ("--client", "2", "--password", "reading1")
CIPHERED = (
    *("--ciphered", "--client", "3", "--title", TEST_SECURITY.client_system_title.hex()),
    *("--encryption-key", TEST_SECURITY.keys.unicast.hex()),
    *("--authentication-key", TEST_SECURITY.keys.authentication.hex()),
)
OURS = "harness_client.py"
THEIRS = "gurux_client.py"


@pytest.fixture(scope="session", params=["canned server", "reference meter"])
def place(
    request: pytest.FixtureRequest, canned_ports: tuple[str, str], meter_port: str
) -> tuple[str, tuple[str, ...]]:
    """Name of a server, and how clients get there."""
    if request.param == "canned server":
        return request.param, ("--port", canned_ports[0])
    return request.param, ("--port", meter_port, *READING)


def test_get(bench: "Bench", place: tuple[str, tuple[str, ...]], canned_ports: tuple[str, str]) -> None:
    name, way = place
    ours, traced, untraced, bare, echo = bench.quickest(
        (OURS, "get", *way),
        (THEIRS, "get", "--media", "traced", *way),
        (THEIRS, "get", "--media", "gxnet", *way),
        (THEIRS, "get", "--media", "socket", *way),
        ("echo_client.py", "--port", canned_ports[1]),
    )
    cost = ours["cpu_s"]
    bench.compare(f"GET, {name}: raw socket and echo", cost, echo["cpu_s"])
    bench.compare(f"GET, {name}: Gurux on a bare socket, no trace", cost, bare["cpu_s"])
    bench.compare(f"GET, {name}: Gurux with its media, no trace", cost, untraced["cpu_s"])
    bench.compare(f"GET, {name}: elapsed, Gurux traced", ours["wall_s"], traced["wall_s"])
    bench.compare(f"GET, {name}: elapsed, raw echo", ours["wall_s"], echo["wall_s"])
    bench.judge(f"GET, {name}: Gurux traced", cost, traced["cpu_s"], aim=AIM_OF_GET, floor=FLOOR_OF_GET)


def test_ciphered_get(bench: "Bench", meter_port: str) -> None:
    way = ("get", "--port", meter_port)
    ours, clear, traced, bare = bench.quickest(
        (OURS, *way, *CIPHERED),
        (OURS, *way, *READING),
        (THEIRS, *way, *CIPHERED, "--media", "traced", "--count", "200"),
        (THEIRS, *way, *CIPHERED, "--media", "socket", "--count", "200"),
    )
    cost = ours["cpu_s"]
    bench.compare("ciphered GET: Gurux traced", cost, traced["cpu_s"])
    bench.compare("ciphered GET: elapsed, clear GET", ours["wall_s"], clear["wall_s"])
    bench.judge("ciphered GET: clear GET", cost, clear["cpu_s"], aim=LEAST_SHARE_OF_CLEAR)
    bench.judge("ciphered GET: Gurux on a bare socket", cost, bare["cpu_s"], aim=AIM_OF_CIPHERED_GET)


def test_profile(bench: "Bench", place: tuple[str, tuple[str, ...]]) -> None:
    name, way = place
    work = ("profile", "--count", ROWS, "--batches", "2", *way)
    ours, bare = bench.quickest((OURS, *work), (THEIRS, *work, "--media", "socket"))
    bench.compare(f"10,000 rows, {name}: elapsed, Gurux on a bare socket", ours["wall_s"], bare["wall_s"])
    bench.judge(f"10,000 rows, {name}: Gurux on a bare socket", ours["cpu_s"], bare["cpu_s"], aim=AIM_OF_PROFILE)
