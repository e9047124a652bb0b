"""What the commands do and print: tables and progress on a terminal, one JSON document where it is asked for."""
