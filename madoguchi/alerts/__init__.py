"""Subscriptions to what is new: what somebody looks for, told by mail."""
