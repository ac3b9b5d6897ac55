"""Signing in with an OpenID Connect provider: a prefecture's for staff, GビズID for businesses."""
