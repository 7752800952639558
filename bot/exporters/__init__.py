"""Discussions to bytes: pure."""
