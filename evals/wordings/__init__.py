"""When two stretches of Dutch say the same: literally, or in other forms of the same words."""
