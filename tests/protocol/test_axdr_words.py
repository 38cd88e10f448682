"""Values in the words of a finding."""

import pytest

from harness.protocol.axdr import Data, DataType


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (Data(DataType.LONG_UNSIGNED, 5), "long-unsigned 5"),
        (Data(DataType.BOOLEAN, False), "boolean False"),
        (Data(DataType.NULL_DATA, None), "null-data"),
        (Data(DataType.OCTET_STRING, b"rate 1"), 'octet-string "rate 1"'),
        (Data(DataType.OCTET_STRING, b"\x07\xf5\x00"), "octet-string 07 f5 00"),
        (Data(DataType.OCTET_STRING, b""), "empty octet-string"),
        (
            Data(DataType.STRUCTURE, (Data(DataType.UNSIGNED, 1), Data(DataType.ARRAY, ()))),
            "structure (unsigned 1, array ())",
        ),
    ],
)
def test_words(data: Data, words: str) -> None:
    assert str(data) == words
