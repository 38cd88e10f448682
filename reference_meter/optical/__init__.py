"""The local port of the meter: the ASCII dialogue of IEC 62056-21 and the way from it to HDLC."""
