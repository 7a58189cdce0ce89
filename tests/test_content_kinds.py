"""What a file is, told by its content: what may be attached, what is refused and in which words."""

import io
import random
import zipfile

import pytest
from olefile import MAGIC
from PIL import Image

from core.content_kinds import LARGEST_BYTES, kind_of, plain_name, small_picture
from core.errors import RequestInvalid
from tests.support.papers import archive, excel, pdf, picture, word

TAKEN = {
    "照片.jpg": (picture(), "image/jpeg"),
    "照片.JPEG": (picture(), "image/jpeg"),
    "截图.png": (picture("PNG"), "image/png"),
    "照片.webp": (picture("WEBP"), "image/webp"),
    "扫描.pdf": (pdf(), "application/pdf"),
    "报告.docx": (word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "台账.xlsx": (excel(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "公文.ofd": (archive(OFD_xml=b"<ofd/>"), "application/ofd"),
}
REFUSED = {
    "a page": ("照片.jpg", b"<html><script>alert(1)</script></html>", "不是可以识别的文件"),
    "a program": ("报告.pdf", b"MZ\x90\x00" + bytes(300), "不是可以识别的文件"),
    "a drawing with scripts": ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是可以识别的文件"),
    "nothing": ("照片.jpg", b"", "是空文件"),
    "half a picture": ("照片.png", picture("PNG", (300, 300))[:200], "损坏的或过大的图片"),
    "half a scan": ("扫描.pdf", pdf()[:60], "不是完整的 PDF"),
    "an archive": ("材料.docx", archive(a_txt=b"x"), "是压缩包，不能作附件"),
    "an archive with a document's part": ("材料.docx", archive(word__document_xml=b"x"), "是压缩包，不能作附件"),
    "a document with a program": ("报告.docx", archive(word__document_xml=b"x", PAYLOAD_EXE=b"x"), "带有宏"),
    "a workbook with old macros": ("台账.xlsx", archive(xl__workbook_xml=b"x", xl__macrosheets__s_xml=b"x"), "带有宏"),
    "a scan with a program": ("扫描.pdf", pdf(b"/JavaScript"), "带有打开时运行的程序"),
    "a program that ends as a scan": ("扫描.pdf", b"MZ" + pdf(), "不是可以识别的文件"),
    "half an archive": ("报告.docx", b"PK\x03\x04" + bytes(90), "已损坏，打不开"),
    "half an old document": ("报告.doc", MAGIC + bytes(600), "已损坏，打不开"),
    "a document with macros": ("报告.docx", archive(word__document_xml=b"x", word__vbaProject_bin=b"x"), "带有宏"),
    "a picture named as a scan": ("扫描.pdf", picture(), r"按内容是 JPEG 图片，与文件名不符.*扩展名改为 \.jpg"),
    "a kind that no page shows": ("照片.gif", picture("GIF"), "图片格式不能直接查看"),
    "one byte too many": ("扫描.pdf", b"%PDF-" + bytes(LARGEST_BYTES - 4), "每个附件最多 20 MB"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_papers_and_pictures_are_taken_by_their_content(name: str) -> None:
    content, media_type = TAKEN[name]
    assert kind_of(name, content).media_type == media_type


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_none_of_them_is_refused_by_name_with_what_to_do(what: str) -> None:
    name, content, words = REFUSED[what]
    with pytest.raises(RequestInvalid, match=words) as refusal:
        kind_of(name, content)
    assert f"“{name}”" in str(refusal.value)


def test_the_largest_file_taken_is_the_limit_itself() -> None:
    assert kind_of("扫描.pdf", b"%PDF-" + bytes(LARGEST_BYTES - 10) + b"%%EOF").name == "PDF 文件"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\Users\张三\照片\1.jpg", "1.jpg"),
        ("../../etc/passwd", "passwd"),
        ("/tmp/报告.pdf", "报告.pdf"),
        ("报告\x00.pdf", "报告.pdf"),
        ("  . .. ", "附件"),
        ("长" * 200 + ".pdf", "长" * 56 + ".pdf"),
        ("照\u202e片.jpg", "照片.jpg"),
        ('甲:"乙"?.jpg', "甲__乙__.jpg"),
    ],
)
def test_a_name_is_kept_without_the_path_it_came_with(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_small_picture_is_upright_and_tells_nothing_of_place_or_camera() -> None:
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "相机"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (2000, 1000)).save(taken, "JPEG", exif=exif)
    with Image.open(io.BytesIO(small_picture(taken.getvalue()))) as drawn:
        assert drawn.size == (320, 640) and not dict(drawn.getexif())


def test_an_archive_of_too_many_parts_is_refused_before_it_is_opened() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for number in range(5_001):
            package.writestr(f"{number}", b"")
    with pytest.raises(RequestInvalid, match="5,000 个以上的部分"):
        kind_of("报告.docx", made.getvalue())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_a_file_it_is_taken_or_refused_in_words(seed: int) -> None:
    drawn = random.Random(seed)
    exif = Image.Exif()
    exif[0x0112], exif[0x8769] = 6, {0x9286: b"x" * 40}
    tagged = io.BytesIO()
    Image.new("RGB", (64, 32)).save(tagged, "JPEG", exif=exif)
    for name, content in {"照片.jpg": tagged.getvalue(), **{n: c for n, (c, _) in TAKEN.items()}}.items():
        for _ in range(25):
            changed = bytearray(content)
            for _ in range(drawn.randint(1, 6)):
                changed[drawn.randrange(len(changed))] = drawn.randrange(256)
            try:
                kind = kind_of(name, bytes(changed))
                if kind.is_picture:
                    small_picture(bytes(changed))
            except (RequestInvalid, ValueError):
                pass


def test_a_picture_that_would_take_much_memory_is_not_drawn() -> None:
    taken = io.BytesIO()
    Image.new("L", (5_000, 5_000)).save(taken, "PNG")
    assert kind_of("扫描.png", taken.getvalue()).is_picture
    with pytest.raises(ValueError, match="too many pixels"):
        small_picture(taken.getvalue())
