"""Files that mean harm, each the smallest of its kind."""

import io
import zipfile

# Taken apart, so that no scanner takes this file away. https://www.eicar.org/download-anti-malware-testfile/
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def an_archive(*names: str, content: bytes = b"x") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


OFFICE = ("[Content_Types].xml", "word/document.xml")
# Name, content: none of them may be kept.
REFUSED = {
    "a page": ("a.html", PAGE),
    "a page in disguise": ("a.png", PAGE),
    "a drawing with a script": ("a.svg", DRAWING),
    "a drawing in disguise": ("a.png", DRAWING),
    "xml": ("a.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "a program": ("a.exe", b"MZ\x90\x00\x03"),
    "a program in disguise": ("a.pdf", b"MZ\x90\x00\x03"),
    "a program of Linux": ("a.pdf", b"\x7fELF\x02\x01"),
    "a script": ("a.sh", b"#!/bin/sh\nrm -rf /\n"),
    "a script with two endings": ("a.pdf.js", b"alert(1)"),
    "a shortcut": ("a.url", b"[InternetShortcut]\nURL=https://example.com"),
    "an archive": ("a.zip", an_archive("a.exe")),
    "an archive in disguise": ("a.docx", an_archive("a.exe")),
    "an archive that climbs": ("a.docx", an_archive("../../etc/passwd")),
    "an archive in an archive": ("a.docx", an_archive("a.zip", content=an_archive("b"))),
    "ten thousand names": ("a.xlsx", an_archive(*(f"{n}.txt" for n in range(10_000)))),
    "macros": ("a.docm", an_archive(*OFFICE, "word/vbaProject.bin")),
    "macros in disguise": ("a.docx", an_archive(*OFFICE, "word/vbaProject.bin")),
    "an old file without its ending": ("a.exe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "text with a zero": ("a.txt", b"text\x00more"),
    "nothing": ("a.pdf", b""),
}
# Name, content, the name under which it is kept: two kinds in one file, and names that lie.
TAKEN = {
    "a picture and a page": ("a.html", b"GIF89a/*" + PAGE + b"*/=1", "a.html.gif"),
    "a document and a page": ("a.htm", b"%PDF-1.7\n" + PAGE, "a.htm.pdf"),
    "a document called a program": ("a.pdf.exe", b"%PDF-1.7", "a.pdf.exe.pdf"),
    "a document and an archive": ("a.jar", b"%PDF-1.7\n" + an_archive("a.class"), "a.jar.pdf"),
    "a picture and a program": ("a.hta", b"\xff\xd8\xff\xe0" + PAGE, "a.hta.jpg"),
    "macros under another name": ("a.docm", an_archive(*OFFICE, "word/x.bin"), "a.docm.docx"),
    "a bomb": ("a.docx", an_archive(*OFFICE, content=b"0" * 5_000_000), "a.docx"),
    "a name that climbs": ("../../a.pdf", b"%PDF-1.7", "a.pdf"),
    "a name that turns around": ("a\u202efdp.exe", b"%PDF-1.7", "afdp.exe.pdf"),
    "a page called text": ("a.txt", PAGE, "a.txt"),
    "the file that scanners know": ("a.txt", EICAR, "a.txt"),
}
# For doors that take tables alone.
NO_TABLES = {
    "a page": ("a.xlsx", PAGE),
    "a program": ("a.csv", b"MZ\x90\x00\x03"),
    "an archive": ("a.xlsx", an_archive("a.exe")),
    "a bomb": ("a.xlsx", an_archive("[Content_Types].xml", "xl/workbook.xml", content=b"0" * 150_000_000)),
    "an office file of another kind": ("a.xlsx", an_archive(*OFFICE)),
    "nothing": ("a.csv", b""),
}
