import pytest

from hypertransport.arguments import build_parser
from hypertransport.fit_arguments import LOOKED_UP, METHODS, PRESETS
from hypertransport.training import lineas
from hypertransport.training.per_concept import CLOSED_FORMS


def parsed(*arguments: str):
    return build_parser().parse_args(["fit", *arguments])


def test_bare_fit_is_a_closed_form_of_a_concept_that_was_held_out():
    chosen = parsed()
    assert (chosen.method, chosen.model, chosen.samples) == ("lin-act-causal", "emojiscape", 32)
    assert chosen.concept and chosen.out == "fitted.safetensors"
    assert chosen.preset is chosen.steps is chosen.rate is chosen.l1 is chosen.group is None


def test_the_methods_and_presets_are_those_that_there_are():
    assert {*CLOSED_FORMS, *LOOKED_UP, "lineas"} == METHODS.keys()
    assert PRESETS.keys() == lineas.PRESETS.keys()
    for name, descent in lineas.PRESETS.items():
        assert PRESETS[name].startswith(str(descent.steps))


@pytest.mark.parametrize(
    "arguments",
    [["magic"], ["--steps", "0"], ["--rate", "x"], ["--l1", "-1"], ["--preset", "none"]],
)
def test_what_is_none_is_refused_in_one_line(capsys, arguments):
    with pytest.raises(SystemExit) as exit:
        parsed(*arguments)
    assert exit.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
