"""Steps that compare what several doors of one device show."""
