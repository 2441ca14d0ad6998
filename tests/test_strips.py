import os

import pytest
from PIL import Image

from hypertransport.errors import HyperTransportError, OutputError
from hypertransport.strips import GAP, SIDE, check_output, grid, is_folder, save, tile

RED = Image.new("RGB", (64, 64), "red")
BLUE = Image.new("RGB", (64, 64), "blue")


def colours(image: Image.Image) -> set:
    return {colour for _, colour in image.getcolors(2**16) or ()}


def count(image: Image.Image, colour: tuple) -> int:
    return sum(n for n, c in image.getcolors(2**16) or () if c == colour)


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((64, 64), (192, 192)),
        ((100, 50), (100, 50)),
        ((30, 60), (90, 180)),
        ((192, 192), (192, 192)),
        ((1024, 512), (192, 96)),
        ((1, 1), (192, 192)),
        ((60_000, 1), (192, 1)),
        ((1, 60_000), (1, 192)),
    ],
)
def test_a_picture_is_fitted_into_its_square(size, fitted):
    assert tile(Image.new("RGB", size)).size == fitted


def test_a_small_picture_keeps_its_pixels():
    picture = Image.frombytes("RGB", (2, 2), bytes(range(12)))
    large = tile(picture)
    assert colours(large) == colours(picture)
    assert large.resize((2, 2), Image.Resampling.NEAREST).tobytes() == picture.tobytes()


def test_a_grid_shows_every_picture_once_in_its_place():
    sheet = grid([[RED, BLUE], [None, RED]], columns=["0", "1"])
    assert count(sheet, (255, 0, 0)) == 2 * SIDE**2
    assert count(sheet, (0, 0, 255)) == SIDE**2
    middles = [
        (GAP + SIDE // 2 + c * (SIDE + GAP), sheet.height - r) for r in (300, 100) for c in (0, 1)
    ]
    assert [sheet.getpixel(place) for place in middles] == [
        (255, 0, 0), (0, 0, 255), (255, 255, 255), (255, 0, 0),
    ]  # fmt: skip


def test_row_labels_take_room_on_the_left_and_a_title_above():
    plain = grid([[RED]], columns=["0"])
    labelled = grid([[RED]], columns=["0"], rows=["seed 7"])
    titled = grid([[RED]], columns=["0"], title="a red square")
    assert labelled.height == plain.height
    assert labelled.width > plain.width
    assert titled.width == plain.width
    assert titled.height > plain.height


def test_empty_row_labels_take_no_room():
    assert grid([[RED]], columns=["0"], rows=[""]).size == grid([[RED]], columns=["0"]).size


def test_long_labels_are_wrapped_or_cut_and_never_cover_a_picture():
    long = "a vertically striped lavender background " * 9
    sheet = grid([[RED]], columns=[long], rows=[long + "x" * 300], title=long)
    assert count(sheet, (255, 0, 0)) == SIDE**2
    assert sheet.width < 3 * SIDE


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".WEBP"])
def test_a_picture_is_written_whole_in_the_format_of_its_suffix(tmp_path, suffix):
    path = save(RED, tmp_path / f"red{suffix}")
    with Image.open(path) as read:
        assert read.size == RED.size
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = save(RED, tmp_path / "red.png")
    before = path.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        save(BLUE, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_picture_too_large_for_its_format_is_a_clear_error(tmp_path):
    with pytest.raises(OutputError, match=r"another format, as \.png"):
        save(Image.new("RGB", (20_000, 4)), tmp_path / "wide.webp")
    assert not list(tmp_path.iterdir())


def test_what_ends_in_a_slash_or_is_there_is_a_folder(tmp_path):
    assert is_folder(str(tmp_path))
    assert is_folder("new/")
    assert not is_folder("new.png")
    assert not is_folder("n" * 10_000)


def test_missing_folders_of_an_output_are_made_and_left_empty(tmp_path):
    for out in (tmp_path / "a/b/strip.png", f"{tmp_path}/c/"):
        check_output(str(out))
    assert not list((tmp_path / "a/b").iterdir())
    assert not list((tmp_path / "c").iterdir())


def test_an_output_that_cannot_be_written_is_refused_beforehand(tmp_path):
    (tmp_path / "file").touch()
    for out in ("file/strip.png", "file/"):
        with pytest.raises(OutputError, match="cannot write to"):
            check_output(f"{tmp_path}/{out}")
    with pytest.raises(HyperTransportError, match="one of the suffixes"):
        check_output(f"{tmp_path}/strip.gif")
