"""Bounds that every transport keeps."""

__all__ = ["LONGEST_RECEIVE_OCTETS", "SEND_TIMEOUT_S"]

LONGEST_RECEIVE_OCTETS = 65_536
"""So much at most comes out of one ``receive``, so that a flood cannot fill memory."""

SEND_TIMEOUT_S = 10.0
"""So long at most the line may take nothing of what is sent."""
