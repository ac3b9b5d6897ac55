"""What assistants may ask of the catalogue, over the Model Context Protocol."""
