"""What was imported: from the rows of saved pages to the messages of a replay, and back."""
