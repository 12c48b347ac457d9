"""Fits a law to data: problem, start, solve, weights, intervals, comparison, quality."""
