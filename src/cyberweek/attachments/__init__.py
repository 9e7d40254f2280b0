"""Files that people add: checked by content, kept in the database."""
