"""Programmes that feeds of others bring: kept, shaped, published, confirmed."""
