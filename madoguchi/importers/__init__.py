"""One folder per outside source that Madoguchi reads."""
