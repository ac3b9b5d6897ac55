"""Registers of companies: the National Tax Agency's corporate numbers, and gBizINFO."""
