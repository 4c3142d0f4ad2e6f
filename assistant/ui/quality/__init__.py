"""The parts of the page "Kwaliteit"."""
