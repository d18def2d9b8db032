"""Files as people send them, and as attackers do."""

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def picture(kind="PNG", size=(12, 8), **more) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(made, kind, **more)
    return made.getvalue()


def office(parts: dict[str, bytes], *, comment=b"", compress=zipfile.ZIP_DEFLATED, main="word/document.xml") -> bytes:
    """A minimal office file: a zip with its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compress) as archive:
        archive.comment = comment
        for name, content in {"[Content_Types].xml": TYPES, main: b"<document/>", **parts}.items():
            archive.writestr(name, content)
    return made.getvalue()


def pdf(canary: str = "") -> bytes:
    """One page; the canary in five places."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    if canary:
        writer.add_metadata({"/Author": f"{canary} 1", "/Creator": f"{canary} 2"})
        stream = DecodedStreamObject()
        stream.set_data(f"<x:xmpmeta><dc:creator>{canary} 3</dc:creator></x:xmpmeta>".encode())
        stream.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
        note = FreeText(text="a note", rect=(10, 10, 100, 40))
        note[NameObject("/T")] = TextStringObject(f"{canary} 4")
        writer.add_annotation(0, note)
        page[NameObject("/PieceInfo")] = DictionaryObject(
            {NameObject("/App"): DictionaryObject({NameObject("/Private"): TextStringObject(f"{canary} 5")})}
        )
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def jpeg(canary: str) -> bytes:
    """The canary in its EXIF (artist, camera owner), in a comment and in XMP."""
    exif = Image.Exif()
    exif[315], exif[0x8298] = f"{canary} 6", f"{canary} 7"
    xmp = f"<x:xmpmeta><dc:creator>{canary} 9</dc:creator></x:xmpmeta>".encode()
    return picture("JPEG", exif=exif, comment=f"{canary} 8".encode(), xmp=xmp)


def png(canary: str) -> bytes:
    """The canary in text chunks and in EXIF."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", f"{canary} 10")
    info.add_itxt("XML:com.adobe.xmp", f"<x>{canary} 11</x>", zip=True)
    exif = Image.Exif()
    exif[315] = f"{canary} 12"
    return picture("PNG", pnginfo=info, exif=exif)


def docx(canary: str) -> bytes:
    """The canary where Word writes names, in the zip itself, and in a picture."""
    return office(
        {
            "docProps/core.xml": f"<cp:coreProperties xmlns:cp='c' xmlns:dc='d'><dc:creator>{canary} 13</dc:creator>"
            f"<cp:lastModifiedBy>{canary} 14</cp:lastModifiedBy></cp:coreProperties>".encode(),
            "docProps/app.xml": f"<Properties><Company>{canary} 15</Company></Properties>".encode(),
            "docProps/custom.xml": f"<Properties><property>{canary} 16</property></Properties>".encode(),
            "word/comments.xml": f'<w:comments xmlns:w="w"><w:comment w:author="{canary} 17" w:initials="{canary} 18"'
            "/></w:comments>".encode(),
            "word/people.xml": f'<people xmlns:w15="w"><w15:person w15:author="{canary} 19"/></people>'.encode(),
            "word/media/image1.jpeg": jpeg(canary),
        },
        comment=f"{canary} 20".encode(),
    )


def xlsx(canary: str) -> bytes:
    """The canary where Excel writes names and paths."""
    return office(
        {
            "xl/workbook.xml": f'<workbook xmlns:x15ac="x"><fileSharing userName="{canary} 21"/>'
            f'<x15ac:absPath url="C:\\Users\\{canary} 22\\"/></workbook>'.encode(),
            "xl/comments1.xml": f"<comments><authors><author>{canary} 23</author></authors></comments>".encode(),
            "xl/persons/person.xml": f'<p><person displayName="{canary} 24" userId="{canary} 25"/></p>'.encode(),
        },
        main="xl/workbook.xml",
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + place, b"&%c;" % (97 + place) * 10) for place in range(9)
) + b"]><document>&j;</document>"  # fmt: skip
FETCH = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


def lying(content: bytes, name: bytes, size: int) -> bytes:
    """The same zip, whose directory gives another size for this part."""
    changed = bytearray(content)
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(name))
    struct.pack_into("<I", changed, at + 24, size)
    return bytes(changed)


PART = b"word/media/a.bin"
BOMBS = {
    "ratio": lambda: office({"word/media/a.bin": b"\x00" * 5_000_000}),
    "size": lambda: lying(office({"word/media/a.bin": b"x"}), PART, 201 * 1024 * 1024),
    "entries": lambda: office({f"word/media/{n}": b"" for n in range(2_001)}),
    "lie": lambda: lying(office({"word/media/a.bin": b"\x00" * 5_000_000}), PART, 1_000),
    "laughs": lambda: office({"word/document.xml": LAUGHS}),
    "utf-16 laughs": lambda: office({"word/document.xml": LAUGHS.replace(b'"1.0"', b'"1.0" encoding="utf-16"')
                                     .decode().encode("utf-16")}),
    "fetch": lambda: office({"word/_rels/document.xml.rels": FETCH}),
    "pixels": lambda: png_that_says(100_000, 100_000),
    "pixels in a document": lambda: office({"word/media/image1.png": png_that_says(50_000, 50_000)}),
    "nested": lambda: office({"word/document.xml": office({"a": b"\x00" * 9_000_000})}),
}  # fmt: skip
