import json

from hypertransport.training.amortized import make_network
from hypertransport.training.material import Material
from hypertransport.training.monitoring import forget, measure, report


def test_an_untrained_network_costs_what_the_identity_costs(material):
    figures = measure(make_network(material), material)
    assert figures.keys() == {"train", "validation"}
    for costs in figures.values():
        assert costs.keys() == {"identity", "words", "floor", "closed"}
        assert costs["words"] == costs["identity"] > 0
        assert costs["closed"] == 0
        assert costs["floor"] > 0


def test_pictures_are_measured_where_there_are_some(load, pictures):
    material = load(pictures=str(pictures))
    for costs in measure(make_network(material), material).values():
        assert costs["pictures"] == costs["identity"]


def test_a_report_is_a_line_for_people_and_one_for_the_record(load, capsys):
    material: Material = load()
    report(make_network(material), material, 7)
    assert "step 7  train: identity" in capsys.readouterr().err
    (line,) = (material.config.out / "record.jsonl").read_text().splitlines()
    assert json.loads(line)["step"] == 7


def test_lines_that_are_written_again_are_forgotten(tmp_path):
    record = tmp_path / "record.jsonl"
    forget(record, 3)
    assert record.read_text() == ""
    record.write_text('{"step": 0}\n{"step": 3}\n')
    forget(record, 3)
    assert record.read_text() == '{"step": 0}\n'
