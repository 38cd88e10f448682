"""Steps about the audit trail and the log of data collection."""
