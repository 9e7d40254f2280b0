"""A document as plain values, and its writers: PDF, DOCX."""
