"""Fits a law to the curves of a table of any size: readings in, fits out, in parts that any process may take."""
