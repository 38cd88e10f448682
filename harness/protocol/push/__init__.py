"""Pushes to the consumer: data-notifications in HDLC frames, enciphered or not, and what they say."""

from harness.protocol.push.envelope import Deciphered, Envelope, EnvelopeReader, Opened
from harness.protocol.push.frames import PushReader, apdu_in_frames
from harness.protocol.push.layout import Form, Layout
from harness.protocol.push.pushed import PushedItem, PushedList

__all__ = [
    "Deciphered",
    "Envelope",
    "EnvelopeReader",
    "Form",
    "Layout",
    "Opened",
    "PushReader",
    "PushedItem",
    "PushedList",
    "apdu_in_frames",
]
