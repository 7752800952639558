"""Errors that are meant to be read by a person."""


class UserError(Exception):
    """A refusal whose text is safe and helpful to show: what happened, and what to do."""
