"""How the Dutch sentence encoder that ships with the product is made: `python -m evals.training` runs all of it."""
