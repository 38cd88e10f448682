from hypothesis import given
from hypothesis import strategies as st

from harness.transport.echo import EchoFilter


def test_octets_pass_where_nothing_was_sent() -> None:
    assert EchoFilter().receive(b"push", 0.0) == b"push"


def test_echo_is_removed_and_the_answer_behind_it_kept() -> None:
    echo = EchoFilter()
    echo.sent(b"/?!\r\n", 1.0)
    assert echo.receive(b"/?!", 0.1) == b""
    assert echo.receive(b"\r\n/ABC5", 0.2) == b"/ABC5"


def test_only_as_many_octets_as_were_sent_are_removed() -> None:
    echo = EchoFilter()
    echo.sent(b"\x7e", 1.0)
    assert echo.receive(b"\x7e\x7e", 0.1) == b"\x7e"
    assert echo.receive(b"\x7e", 0.1) == b"\x7e"


def test_answer_that_begins_like_the_echo_is_passed_on_whole() -> None:
    echo = EchoFilter()
    echo.sent(bytes.fromhex("7EA00703219 30F017E".replace(" ", "")), 1.0)
    assert echo.receive(bytes.fromhex("7EA0"), 0.1) == b""
    assert echo.receive(bytes.fromhex("1E21"), 0.1) == bytes.fromhex("7EA01E21")
    assert echo.receive(bytes.fromhex("7EA0"), 0.2) == bytes.fromhex("7EA0")


def test_part_of_an_echo_is_passed_on_once_the_rest_is_overdue() -> None:
    echo = EchoFilter()
    echo.sent(b"abc", 1.0)
    assert echo.receive(b"ab", 0.5) == b""
    assert echo.receive(b"", 1.0) == b""
    assert echo.receive(b"", 1.1) == b"ab"


def test_two_sends_come_back_in_their_order() -> None:
    echo = EchoFilter()
    echo.sent(b"one", 1.0)
    echo.sent(b"two", 1.0)
    assert echo.receive(b"onetw", 0.1) == b""
    assert echo.receive(b"o3", 0.1) == b"3"


@given(
    sent=st.lists(st.binary(max_size=8), max_size=6), answer=st.binary(max_size=20), sizes=st.lists(st.integers(1, 9))
)
def test_clean_echo_and_answer_give_the_answer_however_they_are_cut(
    sent: list[bytes], answer: bytes, sizes: list[int]
) -> None:
    echo = EchoFilter()
    for octets in sent:
        echo.sent(octets, 1.0)
    line = b"".join(sent) + answer
    passed = b""
    for size in [*sizes, len(line)]:
        part, line = line[:size], line[size:]
        passed += echo.receive(part, 0.0)
    assert passed == answer
