"""Starts the systems of the comparison, puts the same load on each and reports what was measured."""
