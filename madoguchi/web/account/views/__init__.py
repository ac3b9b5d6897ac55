"""The account pages that are our own, one module for each."""
