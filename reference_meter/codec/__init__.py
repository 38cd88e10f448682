"""The codec of the reference meter; it shares no code with the harness."""
