"""All SQL, and nothing but: one SQLite file, one writer, separate readers."""
