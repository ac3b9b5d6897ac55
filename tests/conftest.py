"""Settings for tests: nothing is written into the checkout, passwords are cheap, databases are throw-away.

The database is SQLite in a temporary file (a file, because the tests of races need several connections), or a
test database beside the one that MADOGUCHI_DATABASE_URL names.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

_PLACE = Path(tempfile.mkdtemp(prefix="madoguchi-tests-"))
# For processes that tests start.
os.environ["MADOGUCHI_DATA_DIR"] = str(_PLACE / "data")


# How long an example takes depends on what else the machine does; a slow one is no finding.
hypothesis_settings.register_profile("madoguchi", deadline=None)
hypothesis_settings.load_profile("madoguchi")


def pytest_configure() -> None:
    settings.DATA_DIR = _PLACE / "data"
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    settings.STATIC_ROOT.mkdir(parents=True)
    settings.INDEX_DIR = settings.DATA_DIR / "index"
    settings.BELIEVED_TODAY_FILE = settings.DATA_DIR / "believed-today"
    settings.TODAY = None
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(_PLACE / "test.sqlite3")
        # No test pulls the plug, and forcing each commit to the disk would take most of the time.
        database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    else:
        # The process number: several people may test at once on one server.
        database.setdefault("TEST", {})["NAME"] = f"test_madoguchi_{os.getpid()}"


def pytest_unconfigure() -> None:
    shutil.rmtree(_PLACE, ignore_errors=True)


@pytest.fixture
def data_dir(tmp_path, settings) -> Path:
    """A data directory of this test alone."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def _no_rulebook_of_another_test() -> None:
    # Numbers of rows begin anew when a test is rolled back: what was kept could pass for what is there now.
    from madoguchi.eligibility import rulebook

    rulebook._kept = None


@pytest.fixture(autouse=True)
def _no_index_of_another_test() -> None:
    # With an index there pages keep what they show, and its stamp does not move when a test is rolled back.
    shutil.rmtree(_PLACE / "data" / "index", ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_language_of_another_test() -> None:
    # A request in English leaves its thread in English.
    from django.utils import translation

    translation.deactivate()
