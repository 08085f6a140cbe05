"""Readers, one module per format, and the choice among them. A reader yields texts with their positions, nothing more."""
