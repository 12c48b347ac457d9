"""The steps of the batch as plain loops over curves, for a compiler: what the arrays beside them say, bit for bit."""
