"""The one web application that everything with an address is mounted in."""
