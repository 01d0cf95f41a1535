"""Files made to exhaust whoever unpacks them."""

import io
import zipfile

import pytest

from antigone.core.reading import Broken, Limits, TooLarge, read

MEMBERS = {
    "odt": "content.xml",
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1 or str()};" * 10}">' for n in range(1, 10))
    + "]><a>&b9;</a>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def build_zip(members, mimetype=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_read_refuses_a_zip_bomb_before_unpacking_it():
    data = build_zip({"word/document.xml": b"<a/>", "word/media/image1.png": b"\0" * 50_000_000})
    assert len(data) < 100_000
    with pytest.raises(TooLarge, match="50000004 bytes once unpacked; the limit is 10000000"):
        read(data, "bomb.docx", Limits(decompressed_bytes=10_000_000))


def test_read_refuses_a_zip_that_lies_about_its_size():
    data = bytearray(build_zip({"word/document.xml": b" " * 1_000_000}))
    start = data.rindex(b"PK\x01\x02")
    data[start + 24 : start + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Broken):
        read(bytes(data), "bomb.docx", Limits(decompressed_bytes=10_000))


def test_read_refuses_too_many_members():
    data = build_zip({f"word/{number}.xml": b"" for number in range(200)})
    with pytest.raises(TooLarge, match="200 members"):
        read(data, "many.docx", Limits(entries=100))


@pytest.mark.parametrize(
    "declaration",
    [
        LAUGHS.encode(),
        OUTSIDE.encode(),
        LAUGHS.encode("utf-16"),
        LAUGHS.encode("utf-16-le"),
        b'<?xml version="1.0" encoding="cp037"?>' + LAUGHS.partition("?>")[2].encode("cp037"),
    ],
    ids=["billion laughs", "external entity", "UTF-16 with mark", "UTF-16 without mark", "EBCDIC"],
)
@pytest.mark.parametrize("kind", MEMBERS)
def test_read_refuses_entities(kind, declaration):
    mimetype = "application/vnd.oasis.opendocument.text" if kind == "odt" else None
    with pytest.raises(Broken, match="damaged"):
        read(build_zip({MEMBERS[kind]: declaration}, mimetype), f"laughs.{kind}")
