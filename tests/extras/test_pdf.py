"""The extra [pdf]: a bill on paper with a font that has its signs, and clear refusals where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from callcenter.errors import CallCenterError, MissingExtra
from callcenter.extras.pdf import FOLDERS, write_pdf

pytest.importorskip("fpdf")
LATIN = ["Bill of demo", "", "rent  986.30"]


def fonts() -> list[Path]:
    return [path for folder in FOLDERS for path in Path(folder).expanduser().rglob("*") if path.suffix == ".ttf"]


def code_of(path: Path, lines: list[str], **options: object) -> str:
    with pytest.raises(CallCenterError) as caught:
        write_pdf(str(path), lines, **options)  # type: ignore[arg-type]
    assert caught.value.message("zh")
    return caught.value.code


@pytest.mark.skipif(not fonts(), reason="no fonts on this machine")
def test_a_text_becomes_a_pdf(tmp_path: Path) -> None:
    """Many lines make several pages; empty lines and spaces are kept as they are."""
    write_pdf(str(tmp_path / "b.pdf"), [*LATIN, *(f"line {n}" for n in range(200))])
    content = (tmp_path / "b.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") == 4


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """E801, naming the extra."""
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(MissingExtra, match="pdf"):
        write_pdf(str(tmp_path / "b.pdf"), LATIN)
    assert not (tmp_path / "b.pdf").exists()


def test_a_text_that_no_font_can_show_is_refused(tmp_path: Path) -> None:
    """With the signs that are missing, and nothing is written."""
    assert code_of(tmp_path / "b.pdf", LATIN, folders=[str(tmp_path)]) == "E821"
    assert code_of(tmp_path / "b.pdf", ["\U0010fffd"]) == "E821"
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.skipif(not fonts(), reason="no fonts on this machine")
def test_a_font_that_is_given_is_used_or_refused(tmp_path: Path) -> None:
    """One without the signs, one that is no font, one that is not there."""
    plain = next(path for path in fonts() if path.name.startswith("DejaVuSans"))
    write_pdf(str(tmp_path / "b.pdf"), LATIN, font=str(plain))
    assert code_of(tmp_path / "c.pdf", ["账单"], font=str(plain)) == "E821"
    (tmp_path / "no.ttf").write_bytes(b"no font")
    assert code_of(tmp_path / "c.pdf", LATIN, font=str(tmp_path / "no.ttf")) == "E822"
    assert code_of(tmp_path / "c.pdf", LATIN, font=str(tmp_path / "nowhere.ttf")) == "E822"
    assert code_of(tmp_path / "no" / "c.pdf", LATIN, font=str(plain)) == "E903"


def test_chinese_finds_a_font_or_says_what_to_do(tmp_path: Path) -> None:
    """Where the system has one the bill is written, elsewhere it is E821."""
    lines = ["账单", "月租 986.30 分"]
    has_one = any("cjk" in path.name.lower() for folder in FOLDERS for path in Path(folder).expanduser().rglob("*.tt?"))
    if has_one:
        write_pdf(str(tmp_path / "b.pdf"), lines)
        assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    else:
        assert code_of(tmp_path / "b.pdf", lines, folders=[str(tmp_path)]) == "E821"
