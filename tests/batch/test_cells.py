import shutil

import pytest

from hypertransport.batch import cells
from hypertransport.batch.cells import References, Weights, asked, begun, drawn_by, name_of, plan
from hypertransport.batch.lines import BatchError, read
from hypertransport.concepts import Picture, Words
from hypertransport.generators import load_generator
from hypertransport.interventions import Intervention

MODEL = "emojiscape"
CAT = {"prompt": "a cat", "seed": 3}
HAT, RED = {"concept": "hat"}, {"image": "red.png"}
FITTED = {"intervention": "hat.safetensors"}
WEIGHTS = Weights("generator", "hypernetwork")


@pytest.fixture
def planned(write):
    """`planned(row, ...)`: the cells of a file of these rows."""

    def made(*rows: object) -> list[cells.Cell]:
        path = write(*rows)
        return plan(read(path), References(path, MODEL))

    return made


def names(planned: list[cells.Cell], weights: Weights = WEIGHTS) -> list[str]:
    return [name_of(cell, weights) for cell in planned]


def test_a_cell_is_one_strength_of_one_line_as_an_engine_takes_it(write, folder):
    steering = [{**HAT, "strength": 0.5}, {**RED, "region": [0, 0, 0.5, 1]}, FITTED]
    path = write({**CAT, "strengths": [0.5, 2], "steering": steering})
    references = References(path, MODEL)
    first, second = plan(read(path), references)
    request = references.request(second.line, second.strength)
    assert (request.prompt, request.seed) == ("a cat", 3)
    assert [part.strength for part in request.parts] == [1.0, 2.0, 2.0]
    assert [part.area for part in request.parts] == [None, (0.0, 0.0, 0.5, 1.0), None]
    kinds = [type(part.concept) for part in request.parts]
    assert kinds == [Words, Picture, Intervention]
    assert second.asked == asked(request) != first.asked


DIFFERENT = [
    CAT,
    {**CAT, "seed": 4},
    {**CAT, "prompt": "a dog"},
    {**CAT, "steering": [HAT]},
    {**CAT, "steering": [{**HAT, "strength": 0.5}]},
    {**CAT, "steering": [{**HAT, "region": [0, 0, 0.5, 1]}]},
    {**CAT, "steering": [{"concept": "sun"}]},
    {**CAT, "steering": [HAT, HAT]},
    {**CAT, "steering": [RED]},
    {**CAT, "steering": [{"image": "sun.png"}]},
    {**CAT, "steering": [FITTED]},
]


def test_whatever_is_asked_for_differently_has_another_name(planned):
    found = names(planned(*DIFFERENT))
    assert len({*found}) == len(DIFFERENT)
    assert found == names(planned(*DIFFERENT))
    assert {*found}.isdisjoint(names(planned(*DIFFERENT), Weights("other", "other")))


def test_the_same_picture_has_the_same_name_on_any_line_and_by_any_path(planned, folder):
    shutil.copy(folder / "red.png", folder / "copy.png")
    same = {**CAT, "strengths": [1], "steering": [{"image": "copy.png", "strength": 1}]}
    assert len({*names(planned(CAT, {**CAT, "steering": [RED]}, same)[1:])}) == 1


def test_a_file_with_other_contents_makes_another_picture(planned, folder):
    asked_for = {**CAT, "steering": [{"image": "changing.png"}]}
    shutil.copy(folder / "red.png", folder / "changing.png")
    (before,) = names(planned(asked_for))
    shutil.copy(folder / "sun.png", folder / "changing.png")
    assert names(planned(asked_for)) != [before]


def test_a_hypernetwork_counts_only_where_it_makes_something(planned):
    rows = CAT, {**CAT, "steering": [FITTED]}, {**CAT, "steering": [HAT]}
    a, b = (names(planned(*rows), Weights("generator", h)) for h in ("one", "another"))
    assert [x == y for x, y in zip(a, b, strict=True)] == [True, True, False]
    assert not cells.needs_hypernetwork([c.line for c in planned(*rows[:2])])


def test_other_weights_are_told_apart(generator, hyper, folder):
    again = load_generator(MODEL, weights=folder / "generator")
    assert drawn_by(generator, hyper) == drawn_by(again, hyper)
    assert drawn_by(generator, None).hypernetwork == ""
    assert drawn_by(load_generator(MODEL), hyper).generator != drawn_by(again, hyper).generator


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"steering": [{"image": "missing.png"}]}, "no picture at"),
        ({"steering": [{"image": "hat.safetensors"}]}, "not a picture"),
        ({"steering": [{"intervention": "red.png"}]}, "cannot read"),
        ({"steering": [{"intervention": "other.safetensors"}]}, "was made for 'dmd2'"),
        ({"steering": [{"intervention": "rows.safetensors"}]}, "has rows"),
        ({"steering": [{"concept": "m" * 513}]}, "at most 512 characters"),
        ({"steering": [{**HAT, "region": [0.5, 0, 0.5, 1]}]}, "left < right"),
        ({"seed": -1}, "0 to 2^63"),
        ({"prompt": "half of \ud83c"}, "half a character"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_its_line(write, wrong, told):
    path = write(CAT, CAT | wrong)
    with pytest.raises(BatchError) as caught:
        plan(read(path), References(path, MODEL))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert told in str(caught.value)


def test_pictures_and_their_references_are_bounded(planned, monkeypatch):
    monkeypatch.setattr(cells, "MAX_PICTURES", 2)
    with pytest.raises(BatchError, match="split the file"):
        planned(CAT, {**CAT, "strengths": [0, 1]})
    monkeypatch.setattr(cells, "MAX_PIXELS", 100)
    assert len(planned({**CAT, "steering": [RED]})) == 1
    with pytest.raises(BatchError, match="128 pixels together"):
        planned({**CAT, "steering": [RED, RED]})
    with pytest.raises(BatchError, match="24 x 16 pixels"):
        planned({**CAT, "steering": [{"image": "sun.png"}]})


def test_a_run_that_was_stopped_has_to_draw_what_it_had_at_first(tmp_path):
    path, names = tmp_path / "begun.json", ["a", "b", "c", "d"]
    assert begun(path, names, ["a", "c", "d"]) == ["a", "c", "d"]
    assert begun(path, names, ["d"]) == ["a", "c", "d"]
    assert begun(path, names, ["b", "d"]) == ["b", "d"]  # one has gone since
    assert begun(path, [*names, "e"], ["d", "e"]) == ["d", "e"]  # another file
    for damage in (b"", b"{}", b"[]", b"\xff", b'{"run": 0, "missing": 3}'):
        path.write_bytes(damage)
        assert begun(path, names, ["c"]) == ["c"]
