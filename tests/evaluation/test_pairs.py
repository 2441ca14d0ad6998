from dataclasses import replace

import pytest
from PIL import Image

from hypertransport.evaluation.pairs import media_type, read_pairs, write_pairs
from hypertransport.evaluation.records import RecordError


def test_what_was_written_is_read(folder):
    pairs = read_pairs(folder)
    assert len(pairs) == 18
    write_pairs(folder, pairs[:2])
    assert read_pairs(folder) == pairs[:2]


def test_the_question_is_the_same_with_its_methods_exchanged(folder):
    pair = read_pairs(folder)[0]
    swapped = replace(pair, a=pair.b, b=pair.a, picture_a=pair.picture_b, picture_b=pair.picture_a)
    assert swapped.question == pair.question
    assert swapped.text == pair.text
    assert swapped.picture("A") == pair.picture("B")


def test_the_text_is_blind(folder):
    for pair in read_pairs(folder):
        assert pair.concept in pair.text
        assert pair.prompt in pair.text
        assert pair.a not in pair.text
        assert pair.b not in pair.text


@pytest.mark.parametrize(
    ("name", "type_"),
    [("a/b.png", "image/png"), ("A.JPG", "image/jpeg"), ("a.b.webp", "image/webp")],
)
def test_media_types_follow_from_names(name, type_):
    assert media_type(name) == type_


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"b": "hypertransport"}, "compared with itself"),
        ({"picture_b": "none.png"}, "there is no picture"),
        ({"picture_b": "../outside.png"}, "outside the folder"),
        ({"picture_b": "/outside.png"}, "outside the folder"),
        ({"picture_b": "link.png"}, "outside the folder"),
        ({"picture_b": "vector.svg"}, "must end in"),
        ({"picture_b": "pairs.jsonl"}, "must end in"),
        ({"picture_b": "cut.png"}, "damaged"),
        ({"picture_b": "empty.png"}, "damaged"),
        ({"picture_b": "jpeg.png"}, "JPEG inside"),
        ({"picture_b": "folder.png"}, "damaged"),
    ],
)
def test_odd_pairs_are_refused_by_their_line(folder, change, told):
    whole = (folder / "hypertransport 0.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.png").touch()
    (folder / "folder.png").mkdir()
    (folder / "vector.svg").write_text("<svg/>")
    Image.new("RGB", (8, 8)).save(folder / "jpeg.png", "JPEG")
    Image.new("RGB", (8, 8)).save(folder.parent / "outside.png")
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    pairs = read_pairs(folder)
    write_pairs(folder, [pairs[0], replace(pairs[1], **change)])
    with pytest.raises(RecordError, match=f"line 2.*{told}"):
        read_pairs(folder)


def test_a_pair_given_twice_is_refused_in_either_order(folder):
    pair = read_pairs(folder)[0]
    for again in (pair, replace(pair, a=pair.b, b=pair.a)):
        write_pairs(folder, [pair, again])
        with pytest.raises(RecordError, match=r"line 2.*the same pair"):
            read_pairs(folder)


def test_a_folder_without_pairs_is_refused(folder):
    with pytest.raises(RecordError, match=r"has no pairs\.jsonl"):
        read_pairs(folder.parent)
    write_pairs(folder, [])
    with pytest.raises(RecordError, match="empty"):
        read_pairs(folder)
