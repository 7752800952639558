"""Marginalia: book-club debates on Discord, kept as forum discussions."""
