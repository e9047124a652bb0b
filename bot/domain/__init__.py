"""Rules and values of the team's life; pure: no database, no network, no clock."""
