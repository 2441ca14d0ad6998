"""Pictures as cameras, phones and editors leave them: modes, orientations and colour profiles."""

import struct
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image, ImageCms

RAMP = Image.linear_gradient("L").resize((24, 16))
SHOWN = Image.merge("RGB", [RAMP, Image.radial_gradient("L").resize((24, 16)), RAMP.rotate(180)])


def turned(orientation: int | None) -> dict[str, Image.Exif]:
    """Options of `save` for a picture that is to be turned."""
    if orientation is None:
        return {}
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return {"exif": exif}


def swapped_profile() -> bytes:
    """sRGB in which red and blue change places, as in test pictures for browsers."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {}
    for k in range(struct.unpack(">I", data[128:132])[0]):
        name, start, length = struct.unpack(">4sII", data[132 + 12 * k : 144 + 12 * k])
        tags[name] = slice(start, start + length)
    data[tags[b"rXYZ"]], data[tags[b"bXYZ"]] = data[tags[b"bXYZ"]], data[tags[b"rXYZ"]]
    return bytes(data)


def lab_profile() -> bytes:
    """One of another colour space than pixels of files have."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def in_mode(mode: str) -> Image.Image:
    """`SHOWN`, or its red channel where a mode has no colours, as an image of this mode."""
    grey = np.asarray(RAMP)
    match mode:
        case "F":
            return Image.fromarray(grey.astype(np.float32) / 255)
        case "I":
            return Image.fromarray(grey.astype(np.int32) * 257)
        case "I;16" | "I;16B":
            order = ">u2" if mode.endswith("B") else "<u2"
            return Image.frombytes(mode, RAMP.size, (grey.astype(order) * 257).tobytes())
        case "La":
            return RAMP.convert("LA").convert("La")
        case "RGBa":
            return SHOWN.convert("RGBA").convert("RGBa")
        case "LAB":
            srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
            found = ImageCms.profileToProfile(SHOWN, srgb, lab, outputMode="LAB")
            assert found is not None
            return found
        case "L" | "LA":
            return RAMP.convert(mode)
    return SHOWN.convert(mode)


def in_file(image: Image.Image, kind: str, **options) -> bytes:
    """The bytes of a picture's file."""
    data = BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()
