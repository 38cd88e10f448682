"""The seam for ciphering, shown with a protection that puts an octet in front."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.server.server import Server
from reference_meter.server.wrapper_link import WrapperLink

GET_NAME = "c001c100010000600100ff0200"
GOT_NAME = "c401c1000908" + b"METER001".hex()


class Marked:
    """Puts the octet 5A in front of every protected APDU."""

    overhead_octets = 1

    def protect(self, apdu: bytes) -> bytes:
        return b"\x5a" + apdu

    def unprotect(self, apdu: bytes) -> bytes | None:
        return apdu[1:] if apdu.startswith(b"\x5a") else None


@pytest.fixture
def link(make_server: Callable[..., Server], ask: Callable[..., str]) -> WrapperLink:
    server = make_server()
    server.associations.protection_for = lambda profile, aarq: Marked()  # type: ignore[method-assign] # the seam
    opened = WrapperLink(server)
    answer = ask(opened, "601ea109060760857405080101be11040f5a01000000065f1f0400ffffff0014")
    assert "be11040f5a0800065f1f0400" in answer
    return opened


def test_answers_are_protected(link: WrapperLink, ask: Callable[..., str]) -> None:
    assert ask(link, "5a" + GET_NAME) == "5a" + GOT_NAME


def test_what_cannot_be_unprotected_is_discarded(link: WrapperLink, ask: Callable[..., str]) -> None:
    assert ask(link, GET_NAME) == ""
    assert ask(link, "5a") == ""
    assert ask(link, f"e08100010000{len(GET_NAME) // 2:02x}{GET_NAME}") == ""
    assert ask(link, "5a" + GET_NAME) == "5a" + GOT_NAME


def test_initiate_request_that_cannot_be_unprotected_is_refused(link: WrapperLink, ask: Callable[..., str]) -> None:
    answer = ask(link, "601da109060760857405080101be10040e01000000065f1f0400ffffff04b0")
    assert answer.endswith("a203020101a305a103020101be0604040e010604")


@pytest.mark.parametrize("octets", [8, 12, 13, 14, 60])
def test_blocks_leave_room_for_the_overhead(
    link: WrapperLink, ask: Callable[..., str], values: dict[tuple[int, str, int], Any], octets: int
) -> None:
    values[1, "0000600100ff", 2] = (9, bytes(octets))
    answer = ask(link, "5a" + GET_NAME)
    assert len(answer) // 2 <= 20
    assert answer.startswith("5ac401c1" if octets <= 13 else "5ac402c1")


def test_general_blocks_carry_protected_apdus(link: WrapperLink, ask: Callable[..., str]) -> None:
    request = "5a" + GET_NAME
    first = ask(link, f"e08100010000{len(request) // 2:02x}{request}")
    protected = "5a" + GOT_NAME
    assert first == f"e004000100010d{protected[:26]}"
    assert ask(link, "e0810002000100") == f"e0840002000202{protected[26:]}"
