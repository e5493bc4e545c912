"""Generated from the schemas by dev/generate-python; never edited."""
