"""Gherkin wording bound to harness calls."""
