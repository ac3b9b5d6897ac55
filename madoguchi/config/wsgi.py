"""The WSGI application that `madoguchi serve` hands to granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
application = get_wsgi_application()

# Models exist only after the application was made.
from madoguchi.usage import counter  # noqa: E402

counter.start_flushing()
