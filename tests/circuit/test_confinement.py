"""Reading in a child that cannot reach out, and that may die alone."""

import datetime
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import docx
import odfdo
import openpyxl
import pptx
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

from antigone.circuit.child import LENGTHS
from antigone.circuit.confinement import ChildLimits, ConfinedReader, ConfinementError, confinement_state
from antigone.core.reading import Broken, Encrypted, Limits, NoSuchPage, Notice, locate, read, render_page

ROOT = Path(__file__).resolve().parents[2]
HAS_TESSERACT = shutil.which("tesseract") is not None
needs_tesseract = pytest.mark.skipif(
    not HAS_TESSERACT, reason="needs Tesseract: apt-get install tesseract-ocr tesseract-ocr-fra"
)


def build_pdf(pages=3):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in range(pages):
        for row in range(40):
            canvas.drawString(72, 780 - 18 * row, f"Délibération {page}-{row} du conseil municipal")
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def build_endless_pdf():
    """A page whose content draws a form, which draws ten others, and so on: work without end from 2 kB."""
    levels = 12
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        b"<</Length 5>>stream\n/F Do\nendstream",
    ]
    for level in range(levels):
        content = b"/F Do " * 10 if level < levels - 1 else b"0 0 m 9 9 l S"
        resources = b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level) if level < levels - 1 else b""
        objects.append(
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%b/Length %d>>stream\n%b\nendstream"
            % (resources, len(content), content)
        )
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, item) for number, item in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def build_scan(kind="PNG", text="La convention citoyenne se tiendra jeudi"):
    image = Image.new("L", (1600, 500), 255)
    ImageDraw.Draw(image).text((100, 200), text, fill=0, font=ImageFont.load_default(60))
    stream = io.BytesIO()
    image.save(stream, kind, dpi=(200, 200))
    return stream.getvalue()


def save(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def build_documents():
    """One document of each kind, by file name; each says "Bonjour"."""
    word = docx.Document()
    word.add_paragraph("Bonjour")
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[0]).shapes.title.text = "Bonjour"
    workbook = openpyxl.Workbook()
    workbook.active.append(["Bonjour", datetime.date(2026, 3, 3)])
    text = odfdo.Document("text")
    text.body.append(odfdo.Paragraph("Bonjour"))
    return {
        "a.docx": save(word),
        "a.pptx": save(slides),
        "a.xlsx": save(workbook),
        "a.odt": save(text),
        "a.html": b"<html><body><p>Bonjour</p></body></html>",
        "a.md": b"# Bonjour",
        "a.txt": b"Bonjour",
        "a.eml": b"From: a@b.example\r\nDate: Tue, 03 Mar 2026 10:00:00 +0100\r\n\r\nBonjour",
    }


def run_confined(code):
    """Run lines of Python in a process that has locked itself in as the child does."""
    start = "import sys; sys.path.insert(0, sys.argv[1]); from antigone.circuit.child import confine\n"
    lock = "assert confine(memory_bytes=1_000_000_000) == {}\n"
    return subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            start + "import os, socket, subprocess, asyncio\n" + lock + code,
            str(ROOT),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )


def test_reader_gives_what_the_core_gives():
    data = build_pdf()
    with ConfinedReader() as reader:
        assert reader.read(data, "d.pdf") == read(data, "d.pdf")
        assert reader.render_page(data, 2, width_px=200) == render_page(data, 2, width_px=200)
        assert reader.locate(data, 2, 0, 30) == locate(data, 2, 0, 30) != ()


def test_every_kind_of_document_is_read_as_the_core_reads_it():
    with ConfinedReader() as reader:
        for name, data in build_documents().items():
            reading = reader.read(data, name)
            assert reading == read(data, name)
            assert "Bonjour" in reading.pages[0].text


def test_reader_raises_the_errors_of_the_core_and_keeps_its_child():
    with ConfinedReader() as reader:
        child = reader._get_child()
        with pytest.raises(Broken, match="damaged or incomplete"):
            reader.read(b"%PDF-1.4", "d.pdf")
        with pytest.raises(NoSuchPage, match="the document has 3"):
            reader.render_page(build_pdf(), 9, width_px=100)
        assert reader._get_child() is child
    assert not issubclass(Encrypted, ConfinementError)


def test_reader_passes_its_limits_on():
    with ConfinedReader(Limits(pages=1)) as reader:
        assert reader.read(build_pdf(), "d.pdf").notices == (Notice("truncated", {"pages": 1}),)


def test_state_is_confined_on_this_machine():
    state = confinement_state()
    assert state.is_network_denied
    assert state.are_files_denied
    assert state.warnings == ()


def test_work_without_end_is_stopped_and_the_next_document_is_read():
    with ConfinedReader(child_limits=ChildLimits(seconds=1)) as reader:
        with pytest.raises(ConfinementError, match="more than 1 seconds") as raised:
            reader.render_page(build_endless_pdf(), 1, width_px=500)
        assert raised.value.code == "timed_out"
        assert len(reader.read(build_pdf(), "d.pdf").pages) == 3


def test_processor_time_is_limited_by_the_kernel_too():
    result = run_confined(
        "from antigone.circuit.child import _limit_processor; _limit_processor(0.1)\nwhile True: pass"
    )
    assert result.returncode == -signal.SIGXCPU


def test_a_document_that_takes_too_much_memory_is_stopped():
    limits = ChildLimits(memory_bytes=150_000_000)
    with ConfinedReader(child_limits=limits) as reader:
        with pytest.raises(ConfinementError, match="more than 150 MB") as raised:
            reader.read(b"mot " * 30_000_000, "d.txt")
        assert raised.value.code == "out_of_memory"
        assert reader.read(b"Bonjour", "d.txt").pages[0].text == "Bonjour"


def test_an_answer_that_is_too_large_is_refused():
    with ConfinedReader(child_limits=ChildLimits(output_bytes=100_000)) as reader:
        with pytest.raises(ConfinementError) as raised:
            reader.read(b"mot et mot\n\n" * 200_000, "d.txt")
        assert raised.value.code == "too_much_output"


def test_a_child_that_crashes_is_told_and_replaced():
    with ConfinedReader() as reader:
        child = reader._get_child()
        os.kill(child._process.pid, signal.SIGSEGV)
        with pytest.raises(ConfinementError, match="SIGSEGV") as raised:
            reader.read(b"Bonjour", "d.txt")
        assert raised.value.code == "crashed"
        assert reader.read(b"Bonjour", "d.txt").title == "d"


@pytest.mark.parametrize(
    "answer",
    [b"nonsense", b"{}", b'{"pages": [{"number": 1}]}', b'{"error": "broken"}'],
)
def test_a_child_that_was_taken_over_cannot_harm_its_parent(answer):
    with ConfinedReader() as reader:
        child = reader._get_child()
        child._output, writer = os.pipe()
        with os.fdopen(writer, "wb") as stream:
            stream.write(LENGTHS.pack(len(answer), 0) + answer)
        with pytest.raises(ConfinementError, match="makes no sense"):
            reader.read(b"Bonjour", "d.txt")
        os.close(child._output)


def test_closing_leaves_no_process():
    with ConfinedReader() as reader:
        pid = reader._get_child()._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('127.0.0.1', 80), 1)",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "socket.socketpair()",
        "socket.getaddrinfo('example.org', 443)",
        "asyncio.run(asyncio.sleep(0))",
        "open('pyproject.toml')",
        "open('/etc/passwd')",
        "os.listdir('/')",
        "open('/tmp/antigone-child', 'w')",
    ],
)
def test_confined_process_is_refused(attempt):
    result = run_confined(
        f"try: {attempt}\nexcept (OSError, socket.gaierror) as error: print('refused', error)"
    )
    assert result.stdout.startswith("refused"), result


def test_confined_process_cannot_reach_out_through_another_program():
    other = "[sys.executable, '-c', 'import socket; socket.socket()']"
    code = f"print(subprocess.run({other}, stderr=subprocess.PIPE).stderr.decode())"
    assert "PermissionError" in run_confined(code).stdout


def test_confined_process_has_no_io_uring():
    code = "import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
    code += "print(libc.syscall(425, 8, 0), ctypes.get_errno())"
    assert run_confined(code).stdout.split() == ["-1", "38"]


def test_child_does_not_inherit_the_environment(monkeypatch):
    monkeypatch.setenv("ANTIGONE_SECRET_KEY", "do-not-tell")
    with ConfinedReader() as reader:
        environment = Path(f"/proc/{reader._get_child()._process.pid}/environ").read_bytes()
    assert b"do-not-tell" not in environment


def test_child_ends_with_its_parent():
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from antigone.circuit.confinement import ConfinedReader\n"
        "print(ConfinedReader()._get_child()._process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(ROOT)], stdout=subprocess.PIPE, cwd=ROOT)
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


@needs_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_scan_is_read_by_tesseract_and_its_words_located(kind):
    data = build_scan(kind)
    with ConfinedReader() as reader:
        (page,) = reader.read(data, "scan").pages
        start = page.text.index("citoyenne")
        (box,) = reader.locate(data, 1, start, start + 9, word_boxes=page.word_boxes)
        image = Image.open(io.BytesIO(reader.render_page(data, 1, width_px=1600))).convert("L")
    assert page.is_scanned
    left, top = box.x * image.width, box.y * image.height
    words = image.crop((left, top, left + box.width * image.width, top + box.height * image.height))
    assert words.getextrema()[0] < 100
    assert image.crop((0, 0, image.width, top - 5)).getextrema()[0] > 200


@needs_tesseract
def test_scanned_page_of_a_pdf_is_read_by_tesseract():
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawInlineImage(Image.open(io.BytesIO(build_scan())), 0, 300, 595, 400)
    canvas.showPage()
    canvas.save()
    with ConfinedReader() as reader:
        reading = reader.read(stream.getvalue(), "scan.pdf")
    assert "convention citoyenne" in reading.pages[0].text
    assert reading.notices == ()


@needs_tesseract
def test_long_ocr_reports_its_progress_and_is_given_time_for_each_page():
    stream = io.BytesIO()
    frames = [Image.open(io.BytesIO(build_scan(text=f"Feuillet {number}"))) for number in range(3)]
    frames[0].save(stream, "TIFF", save_all=True, append_images=frames[1:])
    seen = []
    with ConfinedReader() as reader:
        pages = reader.read(stream.getvalue(), "scan.tif", on_progress=seen.append).pages
    assert seen == [1, 2, 3]
    assert ["Feuillet" in page.text for page in pages] == [True] * 3


@needs_tesseract
def test_language_that_tesseract_does_not_have_gives_a_notice():
    with ConfinedReader(languages="xyz") as reader:
        assert reader.read(build_scan(), "scan.png").notices[0].code == "scanned_pages_not_read"


def test_scan_without_ocr_is_counted_in_a_notice():
    with ConfinedReader(languages="") as reader:
        assert reader.read(build_scan(), "scan.png").notices == (
            Notice("scanned_pages_not_read", {"pages": 1}),
        )
