"""Office files are zip archives that carry the moment they were made: this takes it out of them."""

import io
import re
import zipfile
from datetime import date

_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def dated(content: bytes, *, on: date) -> bytes:
    """The same file as if made at the beginning of that day, so that equal reports are equal bytes."""
    moment = f"{on.isoformat()}T00:00:00Z".encode()
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in sorted(old.infolist(), key=lambda item: item.filename != "[Content_Types].xml"):
            data = old.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _MOMENT.sub(rb"\g<1>" + moment + rb"\g<3>", data)
            plain = zipfile.ZipInfo(entry.filename, (on.year, on.month, on.day, 0, 0, 0))
            plain.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(plain, data)
    return file.getvalue()
