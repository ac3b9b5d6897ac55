"""Rates, caps, periods, staff limits and areas in the prose of any source."""
