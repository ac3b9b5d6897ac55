"""支援制度 of municipalities' open data, as a table in the national standard."""
