"""Whose turn it is on the line: the poll bit hands it to the server, the final bit hands it back.

Three things make it more than one bit. A poll that timed out may still be answered later, after the
answer to its repetition: such a late answer must not be taken for the answer to the next poll, or every
delay would double the traffic for good. A server that answers without getting on must not keep the
client answering for ever. And what came before the final bit counts as getting on.
"""

__all__ = ["Turn"]


class Turn:
    """The client's view; at first the turn is the client's."""

    def __init__(self) -> None:
        self._is_ours = True
        self._polls = 0
        self._late_answers = 0
        self._progress = False
        self._fruitless = 0

    @property
    def is_ours(self) -> bool:
        """Whether the client may send."""
        return self._is_ours

    def hand_over(self) -> None:
        """Note that a frame with the poll bit leaves."""
        self._is_ours = False
        self._polls += 1

    def note_progress(self) -> None:
        """Note that something was acknowledged or came in sequence."""
        self._progress = True

    def give_up_waiting(self) -> None:
        """Note a timeout: what was late has had its time, and another attempt is in order."""
        self._late_answers = 0
        self._fruitless = 0

    def take_back(self) -> bool:
        """Take a final bit; False where it is a late answer, or one fruitless answer too many."""
        if self._is_ours:
            return True
        progress, self._progress = self._progress, False
        if not progress and self._late_answers:
            self._late_answers -= 1
            return False
        # Answers keep their order: whatever is still on its way answers one of the repetitions.
        self._late_answers = max(0, self._polls - 1)
        self._polls = 0
        self._fruitless = 0 if progress else self._fruitless + 1
        self._is_ours = self._fruitless <= 1
        return self._is_ours
