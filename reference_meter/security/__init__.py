"""Ciphering of the reference meter: suites, protected APDUs, high level authentication, keys and counters."""
