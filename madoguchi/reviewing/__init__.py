"""What was read out of documents, kept as drafts until a person has looked at each field."""
