"""Errors that are meant to be read by a person."""


class UserError(Exception):
    """A refusal whose text is safe and helpful to show: what happened, and what to do."""


class SettingsError(UserError):
    """What the bot was told about itself cannot be used: trying again does not help."""
