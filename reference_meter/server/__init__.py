"""The server side of the reference meter: links, associations and services."""
