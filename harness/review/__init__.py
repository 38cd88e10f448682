"""The static review before a run: what is declared, announced and observed, and what a run would do, and how long."""
