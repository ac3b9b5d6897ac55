"""Notes for the world outside the transaction: written with the change, followed afterwards."""
