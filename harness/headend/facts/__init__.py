"""Facts that several doors of a device show: which ones, and what each door says of them."""

from harness.headend.facts.dlms import DlmsFacts
from harness.headend.facts.fact import Fact, Found, Kind, facts_of
from harness.headend.facts.pushed import PushedFacts
from harness.headend.facts.slave import SlaveFacts
from harness.headend.facts.telegram import TelegramFacts
from harness.headend.facts.text import ReadoutFacts

__all__ = [
    "DlmsFacts",
    "Fact",
    "Found",
    "Kind",
    "PushedFacts",
    "ReadoutFacts",
    "SlaveFacts",
    "TelegramFacts",
    "facts_of",
]
