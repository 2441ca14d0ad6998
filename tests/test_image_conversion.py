"""One and the same picture, whichever way it comes in."""

from base64 import b64encode
from io import BytesIO

import numpy as np
import pytest
from photographs import RAMP, SHOWN, in_file, in_mode, lab_profile, swapped_profile, turned
from PIL import Image
from pipelines import tiny_clip

from hypertransport.concepts import Picture, as_concept
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import ConceptError
from hypertransport.image_conversion import to_rgb
from hypertransport.picture_files import decode_picture, load_picture
from hypertransport.serving.pictures import concept_of
from hypertransport.serving.schemas import ConceptBody

MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("L", "P"),
    "BMP": ("1", "L", "P", "RGB"),
}
FILES = [(kind, mode) for kind, modes in MODES.items() for mode in modes]
GREY = ("F", "I", "I;16", "I;16B", "L", "LA", "La")
PROFILES = {"none": None, "swapped": swapped_profile(), "of Lab": lab_profile(), "torn": b"\0" * 99}


def far(a: Image.Image, b: Image.Image) -> int:
    return int(np.abs(np.asarray(a, np.int16) - np.asarray(b, np.int16)).max())


def ways(path) -> list[Image.Image]:
    """A file by its path, by its bytes, in base64, as an image that is loaded and as one that is
    not, and what is read once more."""
    data = path.read_bytes()
    loaded = Image.open(BytesIO(data))
    loaded.load()
    sent = concept_of(ConceptBody(image=b64encode(data).decode()))
    assert isinstance(sent, Picture)
    return [
        load_picture(path),
        decode_picture(data),
        sent.image,
        Picture(loaded).image,
        Picture(Image.open(BytesIO(data))).image,
        Picture(load_picture(path)).image,
    ]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("orientation", [None, 3, 6])
@pytest.mark.parametrize(("kind", "mode"), FILES)
def test_a_picture_is_the_same_whichever_way_it_comes(tmp_path, kind, mode, orientation, profile):
    options = {} if kind in ("GIF", "BMP") else turned(orientation)
    if profile is not None and kind not in ("GIF", "BMP"):
        options["icc_profile"] = profile
    path = tmp_path / "a"
    in_mode(mode).save(path, kind, **options)
    first, *others = ways(path)
    assert first.mode == "RGB"
    assert first.size == ((16, 24) if options.get("exif") and orientation == 6 else (24, 16))
    assert all(other.tobytes() == first.tobytes() for other in others)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_embedding_is_the_same_whichever_way_a_photograph_comes(tmp_path, kind):
    encoder = ConceptEncoder(*tiny_clip(), id="tiny")
    path = tmp_path / "a"
    SHOWN.save(path, kind, icc_profile=swapped_profile(), **turned(8))
    first, *others = encoder.encode([path, *ways(path), Image.open(BytesIO(path.read_bytes()))])
    assert all(other.equal(first) for other in others)
    assert not encoder.encode([SHOWN])[0].equal(first)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation):
    undone = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # EXIF's, and Pillow's method
    image = Image.open(BytesIO(in_file(SHOWN, "PNG", **turned(orientation))))
    method = undone.get(orientation)
    expected = SHOWN if method is None else SHOWN.transpose(Image.Transpose(method))
    if orientation in (6, 8):  # by a quarter clockwise, and counterclockwise
        expected = SHOWN.rotate(-90 if orientation == 6 else 90, expand=True)
    assert to_rgb(image).tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    "mode",
    ["1", "CMYK", "F", "HSV", "I", "I;16", "I;16B", "L", "LA", "La", "LAB"]
    + ["P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "YCbCr"],
)
def test_every_mode_is_read_and_left_without_metadata(mode):
    image = in_mode(mode)
    image.info["exif"] = turned(6)["exif"].tobytes()
    before = image.tobytes()
    found = to_rgb(image)
    assert (found.mode, found.size) == ("RGB", (16, 24))
    assert not found.info
    assert not dict(found.getexif())
    assert to_rgb(found).tobytes() == found.tobytes()
    assert image.tobytes() == before
    assert image.size == (24, 16)
    expected = RAMP.convert("RGB") if mode in GREY else SHOWN
    if mode not in ("1", "P", "PA"):  # which have few colours
        assert far(found.rotate(90, expand=True), expected) <= {"LAB": 40, "HSV": 8}.get(mode, 4)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_profile_is_converted_to_srgb(kind):
    flat = Image.new("RGB", (16, 16), (220, 30, 40))
    stored = Image.merge("RGB", flat.split()[::-1])
    assert far(decode_picture(in_file(stored, kind, icc_profile=swapped_profile())), flat) <= 3


@pytest.mark.parametrize("mode", ["L", "LA", "P", "PA", "RGB", "RGBA"])
def test_a_profile_of_colours_applies_to_every_mode_of_them(mode):
    image = Image.new("RGBA", (4, 4), (220, 30, 40, 255)).convert(mode)
    plain = to_rgb(image)
    image.info["icc_profile"] = swapped_profile()
    r, g, b = plain.split()
    assert far(to_rgb(image), Image.merge("RGB", (b, g, r))) <= 3


def test_alpha_outlives_a_profile():
    image = Image.new("RGBA", (2, 1), (220, 30, 40, 0))
    image.putpixel((1, 0), (40, 30, 220, 255))
    image.info["icc_profile"] = swapped_profile()
    left, right = (to_rgb(image).getpixel((x, 0)) for x in (0, 1))
    assert left == (255, 255, 255)
    assert np.abs(np.subtract(right, (220, 30, 40))).max() <= 3


@pytest.mark.parametrize("profile", [lab_profile(), b"", b"no profile", swapped_profile()[:300]])
def test_a_profile_that_is_broken_or_of_another_space_is_ignored(profile):
    image = SHOWN.copy()
    image.info["icc_profile"] = profile
    assert to_rgb(image).tobytes() == SHOWN.tobytes()


@pytest.mark.parametrize("mode", ["LA", "RGBA", "PA", "La", "RGBa"])
def test_transparent_parts_of_every_mode_are_white(mode):
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    via = {"La": "LA", "RGBa": "RGBA"}.get(mode, mode)
    found = to_rgb(image.convert(via).convert(mode))
    assert [found.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (0, 0, 0)]


def test_an_image_without_pixels_or_with_too_many_is_refused():
    for bad, told in (
        (Image.new("RGB", (0, 4)), "at least one pixel"),
        (Image.new("1", (7000, 6000)), "more than 25,000,000"),
    ):
        with pytest.raises(ConceptError, match=told):
            Picture(bad)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_torn_file_that_is_opened_lazily_is_refused(kind):
    data = in_file(SHOWN.resize((240, 160)), kind)
    with pytest.raises(ConceptError, match="broken"):
        as_concept(Image.open(BytesIO(data[: len(data) * 2 // 3])))
