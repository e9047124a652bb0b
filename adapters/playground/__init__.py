"""The playground: a make-believe chat service in a browser page, for trying out a config first."""
