"""Who may read, write and invoke what: announced, tried, compared."""
