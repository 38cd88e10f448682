"""Finds telegrams among octets that come as they come."""

import re
from typing import Final

__all__ = ["TelegramReader"]

_END: Final = re.compile(rb"\n!([^\r\n]*)\r?\n")
"""Whatever line ends a meter makes: wrong ones are found when the telegram is read."""
_LONGEST_OCTETS: Final = 64 << 10


class TelegramReader:
    """Gives the octets of each telegram from its slash to the end of its last line, right or wrong.

    What lies before the first slash is the rest of a telegram that began before anybody listened. After the first
    telegram, what lies between two of them is in ``stray``.
    """

    def __init__(self) -> None:
        self._pending = b""
        self._synchronised = False
        self.stray = b""
        """Octets that belong to no telegram."""

    @property
    def pending(self) -> bytes:
        """What has come of the telegram that is not yet whole."""
        return self._pending

    @property
    def begun(self) -> bool:
        """Whether the begin of a telegram has come and its end has not."""
        return b"/" in self._pending

    def receive_data(self, octets: bytes) -> list[bytes]:
        """Take octets and give the telegrams that are whole with them."""
        self._pending += octets
        found = []
        while (end := _END.search(self._pending)) is not None or len(self._pending) > _LONGEST_OCTETS:
            cut = len(self._pending) if end is None else end.end()
            one, self._pending = self._pending[:cut], self._pending[cut:]
            begin = _begin(one)
            if self._synchronised:
                self.stray += one if begin < 0 else one[:begin]
            if begin >= 0 and (begin == 0 or self._synchronised or one[begin - 1 : begin] == b"\n"):
                found.append(one[begin:])
            self._synchronised = True
        return found


def _begin(octets: bytes) -> int:
    """Where a telegram begins: at its first slash, or behind a line of a slash that no data follow."""
    begin = octets.find(b"/")
    while (following := octets.find(b"\n/", begin)) > begin >= 0 and b"(" not in octets[begin:following]:
        begin = following + 1
    return begin
