"""What a file that was sent says, in plain text."""

from __future__ import annotations

import io
import zipfile

from pypdf import PdfReader


def said_in(file: bytes) -> str:
    """What a PDF says and carries, what a ZIP holds, or the file as it is."""
    if file.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(file))
        inside = [part.decode() for parts in reader.attachments.values() for part in parts]
        return "\n".join([*(page.extract_text() for page in reader.pages), *inside])
    if file.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(file)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return file.decode("utf-8", "replace")
