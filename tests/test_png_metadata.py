"""PNG files with more beside their pixels than Pillow takes."""

import os
from contextlib import suppress
from io import BytesIO

import pytest
from photographs import SHOWN, in_file, swapped_profile, turned
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from hypertransport.errors import ConceptError
from hypertransport.image_conversion import to_rgb
from hypertransport.picture_files import decode_picture
from hypertransport.png_metadata import MAX_PROFILE, separate_profile

LONG = "x" * (2**20 + 1)


def with_text(add: str, name: str, text: str, **options) -> bytes:
    info = PngInfo()
    getattr(info, add)(name, text, **options)
    return in_file(SHOWN, "PNG", pnginfo=info)


@pytest.mark.parametrize(
    "data",
    [
        with_text("add_text", "workflow", LONG, zip=True),
        with_text("add_text", "workflow", LONG),
        with_text("add_itxt", "workflow", LONG, zip=True),
        with_text("add_itxt", "XML:com.adobe.xmp", LONG, zip=True),
        with_text("add_text", "Raw profile type exif", LONG, zip=True),
        in_file(SHOWN, "PNG", icc_profile=bytes(2**20 + 1)),
        in_file(SHOWN, "PNG", icc_profile=bytes(MAX_PROFILE + 1)),
    ],
    ids=["zTXt", "tEXt", "iTXt", "XMP", "EXIF as text", "a profile", "a longer profile"],
)
def test_long_metadata_does_not_matter(data):
    assert decode_picture(data).tobytes() == SHOWN.tobytes()


def test_many_texts_that_are_long_together_do_not_matter():
    info = PngInfo()
    for k in range(70):  # Pillow reads 64 MiB in all
        info.add_text(f"text {k}", "x" * 2**20, zip=True)
    assert decode_picture(in_file(SHOWN, "PNG", pnginfo=info)).tobytes() == SHOWN.tobytes()


def test_a_profile_longer_than_pillow_reads_is_converted():
    """What stands after the end that its header tells is no part of it."""
    profile = swapped_profile()
    long = profile + os.urandom(2**20)
    image = SHOWN.copy()
    image.info["icc_profile"] = profile
    found = decode_picture(in_file(SHOWN, "PNG", icc_profile=long))
    assert found.tobytes() == to_rgb(image).tobytes() != SHOWN.tobytes()


def test_an_orientation_that_stands_in_text_is_heeded():
    xmp = '<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    expected = decode_picture(in_file(SHOWN, "PNG", **turned(6))).tobytes()
    assert expected != SHOWN.tobytes()
    for zipped in (False, True):
        data = with_text("add_itxt", "XML:com.adobe.xmp", xmp, zip=zipped)
        assert decode_picture(data).tobytes() == expected
    exif = turned(6)["exif"].tobytes()
    text = f"\nexif\n{len(exif):8}\n{exif.hex()}"
    data = with_text("add_text", "Raw profile type exif", text, zip=True)
    assert decode_picture(data).tobytes() == expected


def test_other_files_and_torn_ones_are_left_to_pillow():
    assert separate_profile(b"GIF89a") == (b"GIF89a", None)
    data = in_file(SHOWN, "PNG")
    for end in range(0, len(data), 7):
        assert separate_profile(data[:end]).data == data[:end]
        with suppress(ConceptError):
            assert decode_picture(data[:end]).tobytes() == SHOWN.tobytes()
    assert Image.open(BytesIO(separate_profile(data).data)).tobytes() == SHOWN.tobytes()
