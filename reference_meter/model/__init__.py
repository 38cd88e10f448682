"""What the reference meter measures, stores and allows."""
