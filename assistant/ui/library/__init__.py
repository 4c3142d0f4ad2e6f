"""The parts of the page "Bronnen": the list of publications, the reader, and what editors do with them."""
