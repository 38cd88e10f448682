"""Steps at the consumer port."""
