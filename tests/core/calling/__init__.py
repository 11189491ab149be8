"""Tests of core/calling."""
