"""How long the harness waits, and what answers are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.protocol import acse
from harness.protocol import apdu as xdlms
from harness.protocol.answer_name import answer_name, answer_names
from harness.session import DoorTiming


def timing(response_time_s: float = 0.5, *, baud: int | None = None, slowest_s: float = 0.0) -> DoorTiming:
    return DoorTiming(
        response_time_s=response_time_s,
        inactivity_timeout_s=120.0,
        repetitions=2,
        baud=baud,
        slowest_answer_s=slowest_s,
    )


@pytest.mark.parametrize(
    ("response_time_s", "slowest_s", "silence_s"),
    [(0.5, 0.0, 2.0), (1.0, 0.5, 2.0), (1.5, 0.5, 3.0), (1.0, 1.0, 3.0), (1.0, 19.0, 57.0), (1.0, 50.0, 60.0)],
)
def test_silence_is_the_longest_of_three(response_time_s: float, slowest_s: float, silence_s: float) -> None:
    assert timing(response_time_s, slowest_s=slowest_s).silence_s == silence_s


def test_declared_time_counts_beyond_what_may_be_learnt() -> None:
    assert timing(100.0, slowest_s=1000.0).silence_s == 200.0


def test_octets_take_time_on_a_serial_line_only() -> None:
    assert timing(baud=9600).line_time_s(960) == pytest.approx(1.0)
    assert timing().line_time_s(10_000) == 0.0


def test_slowest_answer_is_remembered() -> None:
    door = timing()
    for took_s in (0.2, 1.4, 0.3):
        door.learn(took_s)
    assert door.slowest_answer_s == 1.4


@given(response_time_s=st.floats(0.01, 600), slowest_s=st.floats(0, 1e6), octets=st.integers(0, 65_535))
def test_longest_wait_is_longer_than_a_silence_and_bounded(
    response_time_s: float, slowest_s: float, octets: int
) -> None:
    door = timing(response_time_s, baud=300, slowest_s=slowest_s)
    assert door.silence_s < door.longest_wait_s(octets) <= 10 * max(60.0, 2 * response_time_s) + octets * 0.1 + 1


@pytest.mark.parametrize(
    ("octets", "names"),
    [
        ("C401C1001105", ()),
        ("C401C10104", ("dar:4",)),
        ("C402C10000000001000100", ()),
        ("C402C1010000000101 0F", ("dar:15",)),
        ("C403C1 03 001105 0104 010B", ("dar:4", "dar:11")),
        ("C501C100", ()),
        ("C501C103", ("dar:3",)),
        ("C503C10300000001", ("dar:3",)),
        ("C505C103000304", ("dar:3", "dar:4")),
        ("C701C10000", ()),
        ("C701C10300", ("action:3",)),
        ("C701C10001010B", ("dar:11",)),
        ("C701C10201010B", ("action:2", "dar:11")),
        ("D80203", ("exception:2/3",)),
        ("0E050501", ("confirmed:5/5/1",)),
        ("6117A109060760857405080101A203020101A305A10302010D", ("aare:1/user:13",)),
        ("6117A109060760857405080101A203020102A305A203020101", ("aare:2/provider:1",)),
    ],
)
def test_names_of_errors(octets: str, names: tuple[str, ...]) -> None:
    answer = xdlms.decode_answer(bytes.fromhex(octets))
    assert answer_names(answer) == names
    if names:
        assert answer_name(answer) == names[0]


def test_names_of_success() -> None:
    assert answer_name(xdlms.decode_answer(bytes.fromhex("C401C1001105"))) == "data"
    assert answer_name(acse.Rlre(reason=0)) == "rlre"
    accepted = acse.Aare(context=acse.ApplicationContext.LOGICAL_NAME, result=0, diagnostic_source="user", diagnostic=0)
    assert answer_name(accepted) == "aare:0"
