"""How fast prusoff is (`python -m bench`), and how often its intervals cover the truth (`bench/coverage.py`)."""
