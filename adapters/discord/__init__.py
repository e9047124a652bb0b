"""Discord: the port on discord.py, over its gateway and REST."""
