"""The WSGI application that `madoguchi serve` hands to granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
_site = get_wsgi_application()

# Models exist only after the application was made.
from madoguchi.finding import engine  # noqa: E402
from madoguchi.usage import counter  # noqa: E402
from madoguchi.web.shared.page_cache import PageCache  # noqa: E402

# Load the dictionary and the index now, not in the first visitor's search.
engine.warm_up()
counter.start_flushing()
application = PageCache(_site)
