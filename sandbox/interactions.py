"""Interactions."""


class Interaction:
    """One interaction."""
