"""Playing demo.yaml: everybody comes in through the operations of the rooms, as real people do."""
