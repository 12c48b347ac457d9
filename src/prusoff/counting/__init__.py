"""From counts to amounts: rate, efficiency, decay, amount, protein; every error carried."""
