"""Which erroneously ciphered requests get silence, and which of them a declared policy answers all the same."""

from typing import Literal

__all__ = ["STIMULI", "CipheringErrorPolicy", "answered_by_policy", "silence_is_due"]

CipheringErrorPolicy = Literal["silent", "exception", "mixed"]

_TAG_KEY_OR_SUITE = frozenset({"C1", "C2", "C3", "C4", "C5", "C7", "C8"})
_COUNTER = frozenset({"C10", "C11"})
_IDENTITY = frozenset({"C12"})
STIMULI = frozenset(f"C{number}" for number in range(1, 19))
"""C1 to C18: one wrong thing each, as in the table of requirements; the other ones are controls."""


def silence_is_due(stimulus: str, *, general_protection: bool) -> bool:
    """Whether a request that is wrong in this way gets no answer; of the others the answer is declared.

    ``general_protection``: the association has negotiated it. ``ValueError`` for an unknown stimulus.
    """
    if stimulus not in STIMULI:
        raise ValueError(f"unknown stimulus {stimulus!r}; known are C1 to C18")
    return stimulus in _TAG_KEY_OR_SUITE | _COUNTER or (stimulus in _IDENTITY and general_protection)


def answered_by_policy(policy: CipheringErrorPolicy, stimulus: str, *, general_protection: bool) -> bool:
    """Whether the device declares to answer where silence is due, which is a finding of its own."""
    if not silence_is_due(stimulus, general_protection=general_protection):
        return False
    return policy == "exception" or (policy == "mixed" and stimulus in _COUNTER)
