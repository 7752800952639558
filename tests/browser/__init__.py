"""The exported pages, in a real browser."""
