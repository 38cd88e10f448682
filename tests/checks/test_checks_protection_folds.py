"""Invariants of counters and protection over records as a run writes them."""

from typing import Any

import pytest

from harness.checks.protection_folds import ChallengesNew, CountersRise, DataProtected

CIPHERED_AARQ = (
    "605DA109060760857405080103A60A040848455300000000018A0207808B0760857405080205AC1280101474678696BFC8A5"
    "F80C6707B21F0A8FBE230421211F{}00009109" + "00" * 26
)
DATA, REFUSAL, GET = "C40141000600067E9C", "C401410103", "C00141000100002A0000FF0200"
LINK = ("scenario@door", 1)
OTHER = ("scenario@door", 2)


def sent(data: str, security: str = "") -> dict[str, Any]:
    return {"kind": "apdu_tx", "data": data, **({"security": security} if security else {})}


def got(data: str, security: str = "") -> dict[str, Any]:
    return {"kind": "apdu_rx", "data": data, **({"security": security} if security else {})}


def answer(counter: int, key: str = "k", tag: str = "cc") -> dict[str, Any]:
    return got(DATA, f"{tag}30{counter:08x} {key}")


def test_counters_that_rise_over_connections_and_start_anew_under_another_key() -> None:
    fold = CountersRise()
    for link, record in (
        (LINK, sent(GET)),
        (LINK, answer(1)),
        (LINK, sent(GET)),
        (LINK, answer(2)),
        (LINK, answer(2)),  # the same octets once more
        (OTHER, sent(GET)),
        (OTHER, answer(3)),
        (OTHER, sent(GET)),
        (OTHER, answer(1, key="new")),
        (OTHER, sent(GET)),
        (OTHER, answer(1, tag="d4")),  # under a dedicated key
    ):
        assert fold.take_record(link, record) is None
    assert fold.seen == 6


@pytest.mark.parametrize("counter", [1, 2])
def test_counter_that_does_not_rise_over_connections(counter: int) -> None:
    fold = CountersRise()
    for record in (sent(GET), answer(2)):
        assert fold.take_record(LINK, record) is None
    fold.take_record(OTHER, sent(GET))
    breach = fold.take_record(OTHER, got(REFUSAL, f"cc30{counter:08x} k"))
    assert breach is not None
    assert "above 2" in breach.expected


TRANSFER = "C30141004000002B0000FF0201" + "0101020216000918" + "**" * 24
DONE, REFUSED = "C701410000", "C701410300"


@pytest.mark.parametrize(("result", "anew"), [(DONE, True), (REFUSED, False)])
def test_counters_begin_anew_under_a_key_that_was_put_back(result: str, anew: bool) -> None:
    fold = CountersRise()
    for record in (sent(GET), answer(8), sent(TRANSFER), got(result, "cf3000000009 k")):
        assert fold.take_record(LINK, record) is None
    for record in (sent(GET), answer(1, key="new"), sent(TRANSFER), got(DONE, "cf3000000002 new"), sent(GET)):
        assert fold.take_record(OTHER, record) is None
    breach = fold.take_record(OTHER, answer(1))
    assert (breach is None) is anew
    if anew:
        fold.take_record(LINK, sent(GET))
        assert fold.take_record(LINK, answer(1, tag="cf")) is not None


def test_answers_that_overtake_each_other_on_two_connections_are_fine() -> None:
    fold = CountersRise()
    for link, record in ((LINK, sent(GET)), (OTHER, sent(GET)), (OTHER, answer(8)), (LINK, answer(7))):
        assert fold.take_record(link, record) is None


@pytest.mark.parametrize(
    ("agreed", "asked", "came", "is_breach"),
    [
        ("30", "c83000000002 k", "cc3000000001 k", False),
        ("30", "c83000000002 k", "", True),
        ("30", "c83000000002 k", "cc1000000001 k", True),
        ("30", "c83000000002 k", "cc2000000001 k", True),
        ("10", "c81000000002 k", "cc1000000001 k", False),
        ("10", "c83000000002 k", "cc1000000001 k", True),
        ("30", "", "", True),
        ("30", "c83000000002 k", "dd k", False),
    ],
)
def test_data_is_protected_as_request_and_association_demand(
    agreed: str, asked: str, came: str, is_breach: bool
) -> None:
    fold = DataProtected()
    assert fold.take_record(LINK, sent(CIPHERED_AARQ.format(agreed))) is None
    assert fold.take_record(LINK, sent(GET, asked)) is None
    breach = fold.take_record(LINK, got(DATA, came))
    assert (breach is not None) is is_breach
    assert fold.take_record(LINK, got(REFUSAL)) is None
    assert fold.seen == 1


def test_data_in_a_plain_association_is_nobodys_business() -> None:
    fold = DataProtected()
    fold.take_record(LINK, sent("601DA109060760857405080101BE10040E01000000065F1F0400001E1D0400"))
    fold.take_record(LINK, sent(GET))
    assert fold.take_record(LINK, got(DATA)) is None
    assert fold.seen == 0


AARE_HLS = bytes.fromhex(
    "6142A109060760857405080101A203020100A305A10302010E88020780890760857405080205AA0A8008503677524A323146"
    "BE10040E0800065F1F040000501F01F40007"
)
CHALLENGE = bytes.fromhex("503677524A323146")


def aarq(number: int) -> bytes:
    return bytes([0x60, 1, number])


def aare(challenge: bytes = CHALLENGE) -> bytes:
    return AARE_HLS.replace(CHALLENGE, challenge)


def test_a_challenge_that_comes_again_is_a_breach() -> None:
    fold = ChallengesNew()
    for number, challenge in enumerate((CHALLENGE, b"another1", b"another2")):
        assert fold.take((f"{number}@door", 1), "apdu_tx", aarq(number)) is None
        assert fold.take((f"{number}@door", 1), "apdu_rx", aare(challenge)) is None
    assert fold.take(LINK, "apdu_tx", aarq(9)) is None
    assert fold.take(LINK, "apdu_rx", aare()) is not None
    assert fold.seen == 4


def test_a_request_that_is_repeated_may_get_its_challenge_again() -> None:
    fold = ChallengesNew()
    for link in (LINK, LINK, OTHER):
        fold.take(link, "apdu_tx", aarq(1))
        assert fold.take(link, "apdu_rx", aare()) is None


def test_an_answer_without_challenge_says_nothing_of_challenges() -> None:
    fold = ChallengesNew()
    for octets in (AARE_HLS[:4], bytes.fromhex(DATA)):
        fold.take(LINK, "apdu_tx", aarq(1))
        assert fold.take(LINK, "apdu_rx", octets) is None
    assert fold.seen == 0
