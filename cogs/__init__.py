"""What Discord sees: commands, listeners, and the conversions between Discord and the core."""
