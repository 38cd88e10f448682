"""A run: one device, its doors and bench, the scenarios in it and what they leave."""
