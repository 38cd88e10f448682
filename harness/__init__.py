"""Conformeter, the conformance test harness: sessions, head end, checks, verdicts and reports."""
