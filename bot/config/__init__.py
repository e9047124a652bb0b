"""The config file and the environment: what may be written there, what is wrong with it, and where."""
