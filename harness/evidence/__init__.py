"""What a run leaves behind: the trace, its redaction and the journal of intended changes."""
