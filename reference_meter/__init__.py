"""The reference meter: a device to play with, with a codec of its own."""
