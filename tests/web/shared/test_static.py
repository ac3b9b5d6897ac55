import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


@pytest.fixture
def collected(tmp_path, settings) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_hashed_sheets_find_their_hashed_fonts(collected):
    sheet = collected / staticfiles_storage.stored_name("shared/css/fonts.css")
    addresses = re.findall(r'url\("([^"]+)"\)', sheet.read_text())
    assert len(addresses) > 100
    assert all((sheet.parent / address).resolve().is_file() for address in addresses)
    assert all(re.search(r"\.[0-9a-f]{12}\.woff2$", address) for address in addresses)


def test_fonts_and_scripts_come_with_their_licences():
    assert finders.find("shared/fonts/OFL.txt")
    assert finders.find("shared/vendor/htmx-LICENSE.txt")
