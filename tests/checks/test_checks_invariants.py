"""Every invariant on a trace that holds, on one that breaks, and on one with nothing to look at."""

from typing import Any

import pytest

from harness.checks.invariants import INVARIANTS, Broken, Invariant, judge

AARQ = "601DA109060760857405080101BE10040E01000000065F1F040000001A0080"
"""Proposes GET, SET and event notification, and takes 128 octets."""
AARQ_NO_LIMIT = AARQ[:-4] + "0000"
AARE = "6129A109060760857405080101A203020100A305A103020100BE10040E0800065F1F0400{}01000007"
GET = "C001{}00030100010800FF0200"
VALUE = "C401{}001105"
SET = "C101{}00030100010800FF02001105"
ACCESS = "D9{}00 01 01 0003 0100010800FF 02 01 00"
ACCESSED = "DA40000001 00 00 01 1105 01 01 00"

KNOWN = frozenset({"dar:4", "exception:1/1", "action:3", "aare:1/user:13"})

Line = tuple[str, str]

PIECE = "E0{} 0001 0000 78" + "00" * 120
"""A general block as long as the AARQ allows."""


def records(*lines: Line, door: str = "d", key: str = "k", link: int = 1) -> list[dict[str, Any]]:
    return [
        {"n": number, "key": key, "door": door, "link": link, "kind": kind, "data": octets.replace(" ", "").lower()}
        for number, (kind, octets) in enumerate(lines, start=1)
    ]


def invariant(id_: str) -> Invariant:
    return next(one for one in INVARIANTS if one.id == id_)


def judged(id_: str, *lines: Line) -> tuple[Broken | None, int]:
    return judge(invariant(id_), records(*lines), door="d", known_answer=KNOWN.__contains__)


def sent(octets: str) -> Line:
    return ("apdu_tx", octets)


def came(octets: str) -> Line:
    return ("apdu_rx", octets)


def block(number: int, *, last: bool = False, error: bool = False) -> Line:
    return came(f"C402C1{int(last):02X}{number:08X}" + ("010F" if error else "00021105"))


def ask_block(number: int) -> Line:
    return sent(f"C002C1{number:08X}")


HOLDS: tuple[tuple[str, tuple[Line, ...], int], ...] = (
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), came(VALUE.format("C1"))), 1),
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), sent(GET.format("C2")), came(VALUE.format("C2"))), 1),
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), came("D80101"), sent(GET.format("C1")), came(VALUE.format("C1"))), 1),
    ("TR-Conf.05a-I02", (sent(AARQ), came(AARE.format("00001A")), sent(GET.format("C1")), came("D80101")), 2),
    ("TR-Conf.05a-I02", (sent(GET.format("C1")), came("C20000030100010800FF021105"), came(VALUE.format("C1"))), 1),
    ("TR-Conf.05a-I03", (sent(AARQ), came(AARE.format("000018"))), 1),
    ("TR-Conf.05a-I03", (sent(AARQ), came(AARE.format("00001A"))), 1),
    ("TR-Conf.04a-I01", (sent(GET.format("C1")), came("C401C10104"), came("D80101")), 2),
    ("SU3.step2-I01", (sent(AARQ), sent(GET.format("C1")), came("C401C10009 78" + "00" * 120)), 1),
    ("SU3.step2-I01", (sent(AARQ), came(PIECE.format("00")), came(PIECE.format("80")), came("C401C10009 8200E6")), 2),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), ask_block(1), block(2, last=True)), 2),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), sent(GET.format("C2")), block(1)), 2),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), ask_block(7), block(8)), 1),
    # A password of one octet, here 02, hides the number of a block.
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), ask_block(1), came("C402C100000000**00021105")), 1),
    ("TR-Conf.05a-I01", (sent(SET.format("01")), sent(GET.format("C1")), came(VALUE.format("C1"))), 1),
    ("TR-Conf.05a-I01", (sent(ACCESS.format("40000001")), came(ACCESSED)), 1),
    ("TR-Conf.05a-I02", (sent(SET.format("01")), sent(GET.format("C1")), came(VALUE.format("C1"))), 1),
    ("TR-Conf.05a-I02", (sent(SET.format("01")), came("D80101")), 1),
    ("TR-Conf.05a-I02", (sent(SET.format("41")), came("C5014100")), 1),
    ("TR-Conf.05a-I02", (sent(SET.format("01")[:-2]), came("D80101")), 1),
    ("DF.5-I01", (came("C20000010000616200FF020600000001"), came("C2000003")), 2),
)

BREAKS: tuple[tuple[str, tuple[Line, ...], int, str], ...] = (
    ("TR-Conf.05a-I01", (sent(SET.format("01")), came("C5010100")), 2, "invoke-id 1"),
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), came(ACCESSED)), 2, "invoke-id long 1"),
    ("TR-Conf.05a-I01", (sent(ACCESS.format("40000002")), came(ACCESSED)), 2, "invoke-id long 1"),
    ("TR-Conf.05a-I02", (sent(SET.format("01")), came("C5010100")), 2, "an answer more"),
    ("TR-Conf.05a-I02", (sent(SET.format("01")), came("D80101"), came("D80101")), 3, "an answer more"),
    ("TR-Conf.05a-I02", (sent(ACCESS.format("40000001")), came(ACCESSED), came(ACCESSED)), 3, "an answer more"),
    ("TR-Conf.04a-I01", (sent(ACCESS.format("40000001")), came(ACCESSED[:-2] + "4D")), 2, "dar:77"),
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), came(VALUE.format("C2"))), 2, "invoke-id 2"),
    ("TR-Conf.05a-I01", (sent(GET.format("C1")), came(VALUE.format("C1")), came(VALUE.format("C1"))), 3, "invoke-id 1"),
    ("TR-Conf.05a-I01", (came(VALUE.format("C1")),), 1, "invoke-id 1"),
    ("TR-Conf.05a-I02", (sent(GET.format("C1")), came(VALUE.format("C1")), came("D80101")), 3, "an answer more"),
    ("TR-Conf.05a-I02", (sent(AARQ), came(AARE.format("00001A")), came(AARE.format("00001A"))), 3, "an answer more"),
    ("TR-Conf.05a-I03", (sent(AARQ), came(AARE.format("00001E"))), 2, "selective-access"),
    ("TR-Conf.04a-I01", (sent(GET.format("C1")), came("C401C1014D")), 2, "dar:77"),
    ("TR-Conf.04a-I01", (sent(GET.format("C1")), came("C403C1 02 001105 014D")), 2, "dar:77"),
    ("TR-Conf.04a-I01", (sent(GET.format("C1")), came("D80909")), 2, "exception:9/9"),
    ("SU3.step2-I01", (sent(AARQ), sent(GET.format("C1")), came("C401C10009 7B" + "00" * 123)), 3, "129 octets"),
    ("SU3.step2-I01", (sent(AARQ), came("E000 0001 0000 7A" + "00" * 122)), 2, "129 octets"),
    ("SU3.step2-I01", (sent(AARQ), came(PIECE.format("80")), came("C40100"), came("C4" + "00" * 128)), 4, "129 octets"),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(2)), 2, "block 2"),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), ask_block(1), block(3)), 4, "block 3"),
    ("SU3.step2-I02", (sent(GET.format("C1")), block(1), ask_block(1), block(1)), 4, "block 1"),
    ("DF.5-I01", (came("C20000030100010800FF021105"),), 1, "1.0.1.8.0.255 attribute 2"),
)


def numbered(cases: tuple[tuple[Any, ...], ...]) -> list[Any]:
    return [pytest.param(*case, id=f"{number}-{case[0]}") for number, case in enumerate(cases, start=1)]


@pytest.mark.parametrize(("id_", "lines", "seen"), numbered(HOLDS))
def test_rule_holds(id_: str, lines: tuple[Line, ...], seen: int) -> None:
    assert judged(id_, *lines) == (None, seen)


@pytest.mark.parametrize(("id_", "lines", "frame", "observed"), numbered(BREAKS))
def test_rule_breaks_at_the_frame(id_: str, lines: tuple[Line, ...], frame: int, observed: str) -> None:
    broken, _ = judged(id_, *lines)
    assert broken is not None
    assert (broken.frame, broken.key) == (frame, "k")
    assert observed in broken.breach.observed
    assert broken.breach.expected


def test_every_invariant_is_tried_in_both_directions() -> None:
    # What is masked no octets here can show; tests/checks/test_checks_privacy.py tries those.
    # What all doors have answered has tests of its own, in tests/checks/test_checks_uniform_errors.py.
    # Challenges, counters and protection need keys and have theirs in tests/checks/test_checks_protection_folds.py.
    elsewhere = {"TR-Conf.02b-I01", "TR-Conf.05b-I01", "TR-Conf.05b-I02"}
    ids = {one.id for one in INVARIANTS if not one.of_secrets and one.of_answers is None} - elsewhere
    assert {case[0] for case in HOLDS} == ids
    assert {case[0] for case in BREAKS} == ids


@pytest.mark.parametrize("one", INVARIANTS, ids=lambda one: one.id)
@pytest.mark.parametrize(
    "lines", [(), (sent(""), came("")), (sent("60"), came("61")), (came("C4"), came("C401")), (sent(AARQ),)]
)
def test_nothing_to_look_at_is_seen_as_nothing(one: Invariant, lines: tuple[Line, ...]) -> None:
    broken, _ = judge(one, records(*lines), door="d", known_answer=KNOWN.__contains__)
    assert broken is None or one.id == "TR-Conf.05a-I02"


@pytest.mark.parametrize("one", INVARIANTS, ids=lambda one: one.id)
def test_other_doors_keys_and_links_are_told_apart(one: Invariant) -> None:
    elsewhere = [
        *records(sent(GET.format("C1")), door="other"),
        *records(sent(GET.format("C1")), key="other"),
        *records(sent(GET.format("C1")), link=2),
    ]
    answer = records(came(VALUE.format("C1")))
    broken, seen = judge(one, [*elsewhere, *answer], door="d", known_answer=KNOWN.__contains__)
    if one.id in ("TR-Conf.05a-I01", "TR-Conf.05a-I02"):
        assert broken is not None
    else:
        # Two look at all that the device sends.
        assert (broken, seen) == (None, int(one.clauses[0].startswith("DF.")))


@pytest.mark.parametrize("id_", ["TR-Conf.05a-I01", "TR-Conf.05a-I02"])
def test_repeated_datagram_may_be_answered_twice(id_: str) -> None:
    frame = "0001 0010 0001 000D" + GET.format("C1")
    asked = (sent(GET.format("C1")), ("tx", frame))
    answers = (came(VALUE.format("C1")), came(VALUE.format("C1")))
    assert judged(id_, *asked, ("tx", frame), *answers) == (None, 2)
    broken, _ = judged(id_, *asked, *answers)
    assert broken is not None


@pytest.mark.parametrize("id_", ["TR-Conf.05a-I01", "TR-Conf.05a-I02"])
def test_repetitions_of_the_link_may_not(id_: str) -> None:
    receive_ready = "7EA00702215151DD7E"
    broken, _ = judged(
        id_,
        sent(GET.format("C1")),
        ("tx", receive_ready),
        ("tx", receive_ready),
        came(VALUE.format("C1")),
        came(VALUE.format("C1")),
    )
    assert broken is not None


def test_masked_octets_are_no_obstacle() -> None:
    masked = [dict(record, data=record["data"].replace("1105", "****")) for record in records(came(VALUE.format("C1")))]
    lines = [*records(sent(GET.format("C1"))), *masked]
    broken, seen = judge(invariant("TR-Conf.05a-I01"), lines, door="d", known_answer=KNOWN.__contains__)
    assert (broken, seen) == (None, 1)


def test_no_announced_limit_is_no_limit() -> None:
    long = came("C401C1000982FFFF" + "00" * 0xFFFF)
    assert judged("SU3.step2-I01", sent(AARQ_NO_LIMIT), long) == (None, 0)


@pytest.mark.parametrize(("id_", "breaks"), [("TR-Conf.05a-I01", False), ("TR-Conf.04a-I01", True)])
def test_request_that_was_damaged_on_purpose_is_no_measure_of_answers(id_: str, breaks: bool) -> None:
    lines = records(
        sent(GET.format("C1")),
        ("tx", "0001 0010 0001 000D" + GET.format("C2")),
        came(VALUE.format("C2")),
        came("D80202"),
    )
    lines[1]["event"] = "changed: wrapper 16 -> 1, 13 octets"
    broken, _ = judge(invariant(id_), lines, door="d", known_answer=KNOWN.__contains__)
    assert (broken is not None) is breaks
    unharmed = records(sent(GET.format("C1")), came(VALUE.format("C2")), link=2)
    broken, _ = judge(invariant("TR-Conf.05a-I01"), [*lines, *unharmed], door="d", known_answer=KNOWN.__contains__)
    assert broken is not None
