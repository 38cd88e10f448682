"""Parts of a calendar that refer to what is not there."""

from dataclasses import replace

from harness.checks.judged import Breach
from harness.checks.tariff_parts import References, refers_to_what_exists

WHOLE = References(
    named_weeks=frozenset({b"W1"}), weeks=frozenset({b"W1", b"W2"}), named_days=frozenset({1}), days=frozenset({1, 2})
)


def test_what_is_not_used_may_be_there() -> None:
    assert refers_to_what_exists(WHOLE) is None


def test_what_is_used_must_be_there() -> None:
    for spoilt in (replace(WHOLE, weeks=frozenset({b"W2"})), replace(WHOLE, named_days=frozenset({1, 3}))):
        assert isinstance(refers_to_what_exists(spoilt), Breach)
