"""Cases as spreadsheets, in and out."""
