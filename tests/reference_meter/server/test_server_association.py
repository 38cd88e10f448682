"""Opening, refusing and releasing associations."""

from collections.abc import Callable
from typing import Any

import pytest

from reference_meter.server.link import ServerLink
from reference_meter.server.server import Server
from reference_meter.server.wrapper_link import WrapperLink

CONTEXT = "a109060760857405080101"
INITIATE = "be10040e01000000065f1f0400007e1f04b0"
LLS = "8a0207808b0760857405080201ac0a80083132333435363738"
GET_NAME = "c001c100010000600100ff0200"
NAME = "c401c1000908" + b"METER001".hex()


def aarq(*fields: str) -> str:
    body = "".join(fields)
    return f"60{len(body) // 2:02x}{body}"


def test_association_of_the_worked_example(make_server: Callable[..., Server], ask: Callable[..., str]) -> None:
    link = WrapperLink(make_server(conformance=0x00501F, server_max_receive_pdu_size=500))
    accepted = "6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007"
    assert ask(link, aarq(CONTEXT, INITIATE)) == accepted
    assert ask(link, GET_NAME) == NAME


def refused(diagnostic: int, source: int = 1, information: str = "") -> str:
    inside = ""
    if information:
        size = len(information) // 2
        inside = f"be{size + 2:02x}04{size:02x}{information}"
    body = f"{CONTEXT}a203020101a305a{source}030201{diagnostic:02x}{inside}"
    return f"61{len(body) // 2:02x}{body}"


@pytest.mark.parametrize(
    ("client", "request_apdu", "answer"),
    [
        pytest.param(16, aarq("80020640", CONTEXT, INITIATE), refused(2, source=2), id="protocol version"),
        pytest.param(
            16,
            aarq("a109060760857405080102", INITIATE),
            refused(2, information="0800065f1f0400005e1f04000007"),
            id="application context",
        ),
        pytest.param(16, aarq(CONTEXT, "a60904074d4d4d0000bc61", INITIATE), refused(3), id="title of 7 octets"),
        pytest.param(16, aarq(CONTEXT, "a60b04094d4d4d0000bc614e00", INITIATE), refused(3), id="title of 9 octets"),
        pytest.param(
            2, aarq(CONTEXT, LLS.replace("5080201", "5080263"), INITIATE), refused(11), id="mechanism unknown"
        ),
        pytest.param(
            2, aarq(CONTEXT, LLS.replace("5080201", "5080205"), INITIATE), refused(11), id="mechanism of others"
        ),
        pytest.param(
            2, aarq(CONTEXT, "8a020780ac0a80083132333435363738", INITIATE), refused(12), id="mechanism missing"
        ),
        pytest.param(2, aarq(CONTEXT, LLS.replace("3738", "3739"), INITIATE), refused(13), id="wrong secret"),
        pytest.param(2, aarq(CONTEXT, "8a0207808b0760857405080201", INITIATE), refused(13), id="no secret"),
        pytest.param(2, aarq(CONTEXT, INITIATE), refused(14), id="no authentication"),
        pytest.param(
            2, aarq(CONTEXT, "8a0207808b0760857405080200", INITIATE), refused(14), id="lowest where low is needed"
        ),
        pytest.param(
            16,
            aarq(CONTEXT, INITIATE.replace("065f", "055f")),
            refused(1, information="0e010601"),
            id="version 5",
        ),
        pytest.param(
            16,
            aarq(CONTEXT, INITIATE.replace("007e1f", "000000")),
            refused(1, information="0e010602"),
            id="no conformance",
        ),
        pytest.param(
            16,
            aarq(CONTEXT, INITIATE.replace("04b0", "000b")),
            refused(1, information="0e010603"),
            id="pdu size 11",
        ),
        pytest.param(16, aarq(CONTEXT), refused(1, information="0e010604"), id="no initiate request"),
        pytest.param(
            16, aarq(CONTEXT, "be0404022130"), refused(1, information="0e010604"), id="initiate request unread"
        ),
        pytest.param(99, aarq(CONTEXT, INITIATE), refused(1), id="client unknown"),
        pytest.param(16, "6003a10906", refused(1, source=2), id="malformed"),
    ],
)
def test_refusal_and_then_a_good_association(
    make_server: Callable[..., Server],
    ask: Callable[..., str],
    journal: list[tuple[Any, ...]],
    client: int,
    request_apdu: str,
    answer: str,
) -> None:
    link = WrapperLink(make_server())
    assert ask(link, request_apdu, client) == answer
    assert ask(link, GET_NAME, client) == "d80101"
    assert not journal
    assert ask(link, aarq(CONTEXT, LLS, INITIATE), client=2).startswith("6129")
    assert ask(link, GET_NAME, client=2) == NAME


@pytest.mark.parametrize(
    "request_apdu",
    [
        pytest.param(aarq(CONTEXT, INITIATE.replace("065f", "075f")), id="version 7"),
        pytest.param(aarq(CONTEXT, INITIATE.replace("04b0", "000c")), id="pdu size 12"),
        pytest.param(aarq(CONTEXT, INITIATE.replace("04b0", "0000")), id="pdu size without limit"),
        pytest.param(aarq("80020284", CONTEXT, INITIATE), id="protocol versions 1 and more"),
        pytest.param(aarq(CONTEXT, "a60a04084d4d4d0000bc614e", INITIATE), id="title of 8 octets"),
        pytest.param(
            aarq(CONTEXT, "be120410010101aa0000065f1f0400007e1f04b0"),
            id="dedicated key without ciphering",
        ),
    ],
)
def test_association_that_is_accepted(
    make_server: Callable[..., Server], ask: Callable[..., str], request_apdu: str
) -> None:
    answer = ask(WrapperLink(make_server()), request_apdu)
    assert "a203020100a305a103020100" in answer
    # Attribute 0 with GET was proposed and is not supported.
    assert answer.endswith("0800065f1f0400005e1f04000007")


def test_negotiated_is_proposed_and_supported(make_server: Callable[..., Server], ask: Callable[..., str]) -> None:
    link = WrapperLink(make_server(conformance=0x001000 | 0x1F))
    answer = ask(link, aarq(CONTEXT, INITIATE.replace("007e1f", "00fff0")))
    assert "5f1f0400001010" in answer
    small = ask(link, aarq(CONTEXT, INITIATE), client=3)
    assert small.endswith("5f1f040000001f00400007")


def test_release_ends_the_association(
    make_server: Callable[..., Server],
    associate: Callable[..., ServerLink],
    ask: Callable[..., str],
    journal: list[tuple[Any, ...]],
) -> None:
    link = associate(make_server())
    assert ask(link, "6203800200") == "d80203"
    assert ask(link, GET_NAME) == NAME
    assert ask(link, "6203800100") == "6303800100"
    assert ask(link, GET_NAME) == "d80101"
    assert ask(link, "6203800100") == "d80101"
    assert [entry for entry in journal if entry[0] != "get"] == [
        ("opened", 16, link.link_id),
        ("ended", 16, link.link_id),
    ]


def test_new_request_reopens_an_association(
    make_server: Callable[..., Server],
    associate: Callable[..., ServerLink],
    ask: Callable[..., str],
    journal: list[tuple[Any, ...]],
) -> None:
    link = associate(make_server())
    assert ask(link, aarq(CONTEXT, INITIATE)).startswith("6129")
    assert [entry[0] for entry in journal] == ["opened", "ended", "opened"]
    assert ask(link, aarq(CONTEXT)).startswith("61")
    assert ask(link, GET_NAME) == "d80101"


def test_clients_and_links_have_associations_of_their_own(
    make_server: Callable[..., Server], associate: Callable[..., ServerLink], ask: Callable[..., str]
) -> None:
    server = make_server()
    first, second = associate(server), WrapperLink(server)
    assert ask(second, GET_NAME) == "d80101"
    assert ask(first, aarq(CONTEXT, LLS, INITIATE), client=2).startswith("6129")
    assert ask(first, "6203800100", client=2) == "6303800100"
    assert ask(first, GET_NAME) == NAME
