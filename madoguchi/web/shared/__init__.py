"""The layout, components, marks and static files that every page stands on."""
