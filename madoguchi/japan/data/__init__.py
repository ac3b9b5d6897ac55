"""Tables of public facts; see the package's README for their sources."""
