"""Evaluation: cases written by editors, exact metrics, runs that give the same figures every time."""
