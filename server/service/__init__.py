"""Use cases: each a verb, one transaction, told the time and the randomness."""
