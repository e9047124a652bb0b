"""The verbs of the line; the only code that reads or writes the tables."""
