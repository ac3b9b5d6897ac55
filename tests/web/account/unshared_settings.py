"""The shipped settings with a memory of its own for each server process: what the database cache prevents."""

from madoguchi.config.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
