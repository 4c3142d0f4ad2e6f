"""The parts of the page "Adviesgesprek voorbereiden"."""
