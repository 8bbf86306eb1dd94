"""Articles to searchable passages."""
