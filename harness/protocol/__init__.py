"""Sans-I/O protocol cores of the harness: bytes in, events out, no clock."""
