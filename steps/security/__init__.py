"""Wording about links, associations, errors, ciphering and keys."""
