"""Reading documents into the library: read, clean, cut into passages, embed, one commit per document."""
