"""At which doors clients are given a challenge."""

from pathlib import Path

from harness.declaration import load_declaration

DEVICES = Path(__file__).parents[2] / "devices"


def test_doors_without_a_client_of_high_level_security_give_no_challenge() -> None:
    declared = load_declaration(DEVICES / "reference.toml")
    doors = {door.id: declared.challenges_at(door) for door in declared.dlms_doors}
    assert {door for door, given in doors.items() if given} == {"loop-wrapper", "loop-hdlc", "tcp"}
    assert {door for door, given in doors.items() if not given} == {"udp", "hdlc-tcp", "serial"}
