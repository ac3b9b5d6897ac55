"""Region packs: a region's data as files, checked with line numbers and loaded in one transaction."""
