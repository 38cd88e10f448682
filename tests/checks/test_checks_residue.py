import pytest

from harness.checks.residue import Change, is_expected


def change(class_id: int, obis: str, attribute: int, before: object = 1, after: object = 2) -> Change:
    return Change(class_id=class_id, obis=obis, attribute=attribute, before=before, after=after)


@pytest.mark.parametrize(
    ("class_id", "obis", "attribute", "effects", "expected"),
    [
        (3, "1.0.1.8.0.255", 2, (), True),
        (3, "1.0.1.8.0.255", 3, ("writes",), False),
        (8, "0.0.1.0.0.255", 2, (), True),
        (8, "0.0.1.0.0.255", 3, ("writes", "sets_clock"), False),
        (1, "0.0.43.1.0.255", 2, (), True),
        (1, "0.0.96.14.0.255", 2, (), True),
        (1, "0.0.96.2.0.255", 2, ("reads",), False),
        (1, "0.0.96.2.0.255", 2, ("writes",), True),
        (1, "0.0.96.11.0.255", 2, (), False),
        (1, "0.0.96.11.0.255", 2, ("fills_logs",), True),
        (1, "1.0.0.4.2.255", 2, ("writes",), False),
        (70, "0.0.96.3.10.255", 2, ("switches_supply",), False),
        (71, "0.0.17.0.0.255", 4, ("writes",), False),
        (20, "0.0.13.0.0.255", 2, ("writes",), False),
        (7, "1.0.99.1.0.255", 7, (), True),
        (7, "1.0.99.1.0.255", 4, ("writes",), False),
    ],
)
def test_time_load_and_declared_effects_account_for_changes(
    class_id: int, obis: str, attribute: int, effects: tuple[str, ...], expected: bool
) -> None:
    assert is_expected(change(class_id, obis, attribute), effects) is expected


def test_rows_that_have_gone_need_a_scenario_that_clears() -> None:
    fewer = change(7, "1.0.99.1.0.255", 7, before=9, after=3)
    assert not is_expected(fewer, ("writes",))
    assert is_expected(fewer, ("clears",))


def test_a_change_names_the_object_and_both_values() -> None:
    assert str(change(70, "0.0.96.3.10.255", 2, True, False)) == (
        "attribute 2 of 0.0.96.3.10.255 (class 70) was True and is False"
    )
