"""Named wrong behaviours of the reference meter, one module per requirement."""
