"""What members see of themselves and of the team, and what they can do with their own data."""
