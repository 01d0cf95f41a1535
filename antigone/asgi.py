"""The application that the server runs."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from antigone.web.limits import limit_size

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "antigone.settings")
django = get_asgi_application()

from antigone.consultation.door import open_door  # noqa: E402 (its tables are there once Django is)

application = open_door(limit_size(django, settings.REQUEST_BYTES, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
