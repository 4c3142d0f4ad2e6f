"""Welwijzer's assistant: Dutch questions in, answers that stand verbatim in the sources out."""
