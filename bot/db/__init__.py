"""The tables of the team's life, and how they are reached; only services use them."""
