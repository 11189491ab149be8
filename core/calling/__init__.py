"""Calls: who is reached by the keys that a caller pressed."""
