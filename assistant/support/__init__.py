"""Whether a text supports a sentence that is not its own words: containment of Dutch stems, and what speaks against it."""
