"""How much: grants line by line, lawful combinations, growth of plans, falls in sales. No Django."""
