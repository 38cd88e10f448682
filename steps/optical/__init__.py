"""Steps at the local port of IEC 62056-21."""
