import pytest

from harness.errors import UsageError
from harness.transport.door_url import DoorUrl, QueryReader


def test_parts_of_a_serial_url() -> None:
    url = DoorUrl.parse("serial:///dev/ttyUSB0?baud=9600&framing=8N1&echo=strip")
    assert (url.scheme, url.inner_scheme, url.location) == ("serial", "", "/dev/ttyUSB0")
    assert url.query == (("baud", "9600"), ("framing", "8N1"), ("echo", "strip"))


def test_location_is_percent_decoded() -> None:
    assert DoorUrl.parse("replay://runs/a%20b%3Fc").location == "runs/a b?c"


@pytest.mark.parametrize("url", ["", "tcp", "tcp:/host:1", "//host:1", "TCP://h:1", "1tcp://h:1", "+tcp://h:1"])
def test_no_scheme_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError, match="is no door URL; expected scheme://location"):
        DoorUrl.parse(url)


def test_key_without_value_sign_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"query 'baud' is not of the form key=value"):
        DoorUrl.parse("serial:///dev/x?baud")


def test_key_given_twice_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'baud' stands more than once"):
        DoorUrl.parse("serial:///dev/x?baud=300&baud=9600")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("tcp://meter.example:4059", ("meter.example", 4059)),
        ("tcp://192.0.2.7:1", ("192.0.2.7", 1)),
        ("tcp://[2001:db8::1]:65535", ("2001:db8::1", 65535)),
    ],
)
def test_host_and_port(url: str, expected: tuple[str, int]) -> None:
    assert DoorUrl.parse(url).host_port() == expected


@pytest.mark.parametrize(
    "location",
    ["", "host", "host:", ":4059", "host:0", "host:65536", "host:x", "host:1/path", "u@host:1", "[::1:1", "::1"],
)
def test_wrong_host_or_port_is_a_usage_error(location: str) -> None:
    with pytest.raises(UsageError, match=r"must be host:port with a port from 1 to 65535"):
        DoorUrl.parse(f"tcp://{location}").host_port()


def test_reader_gives_values_and_defaults() -> None:
    reader = QueryReader(DoorUrl.parse("x://y?a=3&b=0.5&c=on&d=text"))
    assert reader.integer("a", 1, 9, 1) == 3
    assert reader.integer("absent", 1, 9, 7) == 7
    assert reader.number("b", 0.0, 1.0) == 0.5
    assert reader.number("none", 0.0, 1.0) == 0.0
    assert reader.choice("c", ("on", "off"), "off") == "on"
    assert reader.choice("never", ("on", "off"), "off") == "off"
    assert reader.rest() == (("d", "text"),)
    assert reader.text("d") == "text"
    reader.finish()


@pytest.mark.parametrize("value", ["", "0", "10", "1.5", "x", "1e3", "--1", "9" * 30])
def test_integer_outside_its_range_names_key_and_range(value: str) -> None:
    reader = QueryReader(DoorUrl.parse(f"x://y?a={value}"))
    with pytest.raises(UsageError, match=r"x://y\?a=.*key 'a' .* allowed: a whole number from 1 to 9"):
        reader.integer("a", 1, 9, 1)


@pytest.mark.parametrize("value", ["", "-0.1", "1.1", "nan", "inf", "x"])
def test_number_outside_its_range_names_key_and_range(value: str) -> None:
    reader = QueryReader(DoorUrl.parse(f"x://y?a={value}"))
    with pytest.raises(UsageError, match=r"key 'a' .* allowed: a number from 0 to 1"):
        reader.number("a", 0.0, 1.0)


def test_wrong_choice_names_key_and_choices() -> None:
    with pytest.raises(UsageError, match=r"key 'c' has the value 'yes'; allowed: on, off"):
        QueryReader(DoorUrl.parse("x://y?c=yes")).choice("c", ("on", "off"), "off")


def test_unknown_key_names_what_is_allowed() -> None:
    reader = QueryReader(DoorUrl.parse("x://y?z=1"))
    reader.text("b")
    reader.text("a")
    with pytest.raises(UsageError, match="unknown key 'z' for scheme x; allowed: a, b"):
        reader.finish()


def test_wrapped_url_keeps_the_keys_that_are_left() -> None:
    url = DoorUrl.parse("impaired+impaired+tcp://h:1?split=3&x=1")
    inner = url.inner((("x", "1"),), ("split",))
    assert (inner.scheme, inner.inner_scheme, inner.query) == ("impaired", "tcp", (("x", "1"),))
    innermost = inner.inner((("x", "1"),), ())
    with pytest.raises(UsageError, match="unknown key 'x' for scheme tcp; allowed: split"):
        QueryReader(innermost).finish()


def test_wrapping_scheme_alone_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="wraps another"):
        DoorUrl.parse("impaired://h:1").inner((), ())


def test_scheme_that_wraps_nothing_refuses_a_wrapped_one() -> None:
    with pytest.raises(UsageError, match="scheme tcp wraps no other scheme"):
        QueryReader(DoorUrl.parse("tcp+udp://h:1")).finish()
