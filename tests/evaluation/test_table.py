from collections import Counter

import numpy as np
import pytest

from hypertransport.catalogue import load
from hypertransport.errors import ConfigError
from hypertransport.evaluation import records, table
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.records import RecordError
from hypertransport.evaluation.table import Row, Shard

CONFIG = EvaluationConfig(methods=("hypertransport", "prompting", "lineas"), seeds=3)
ENTRIES = [entry for entry in load() if entry.split == "test"][:10]
CELLS = table.plan(CONFIG, ENTRIES)


def rows(cells=CELLS, config=CONFIG):
    return [
        Row(**cell._asdict(), seconds=1.0, scores={"clip.concept": 0.5, "r.concept": 1.0},
            embedding=table.encoded(np.eye(4)[i % 4]), config=config.digest, made="today")
        for i, cell in enumerate(cells)
    ]  # fmt: skip


def test_every_cell_is_planned_once():
    assert len(set(CELLS)) == len(CELLS) == 10 * (1 + 1 + 2 + 2) * 2 * 3
    methods = Counter(cell.method for cell in CELLS)
    assert methods == {"unsteered": 60, "prompting": 60, "hypertransport": 120, "lineas": 120}
    assert {c.strength for c in CELLS if c.method == "unsteered"} == {0}
    assert {c.strength for c in CELLS if c.method == "lineas"} == set(CONFIG.strengths)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_shards_are_disjoint_and_together_complete(count):
    parts = [table.plan(CONFIG, Shard(i, count).of(ENTRIES)) for i in range(1, count + 1)]
    together = [cell for part in parts for cell in part]
    assert len(together) == len(CELLS)
    assert set(together) == set(CELLS)


@pytest.mark.parametrize("count", [4, 20, 100])
def test_a_sample_has_all_kinds_in_proportion_and_is_always_the_same(count):
    held_out = [entry for entry in load() if entry.split == "test"]
    chosen = table.sample(held_out, count)
    assert chosen == table.sample(held_out, count)
    assert len(set(chosen)) == len(chosen)
    sizes, all_sizes = (Counter(e.kind for e in some) for some in (chosen, held_out))
    for kind, size in all_sizes.items():
        assert sizes[kind] == max(2, round(count * size / len(held_out)))


def test_a_table_is_read_as_it_was_written(tmp_path):
    path, known = tmp_path / "table.jsonl", rows()
    for row in known[:5]:
        records.append(path, row)
    assert table.read([path]) == known[:5]
    assert table.resume(path, CONFIG) == set(CELLS[:5])
    assert table.resume(tmp_path / "none.jsonl", CONFIG) == set()
    np.testing.assert_array_equal(table.embeddings(known[:4]), np.eye(4))


def test_embeddings_keep_the_precision_of_half():
    x = np.random.default_rng(0).standard_normal(64)
    x /= np.linalg.norm(x)
    (row,) = rows(CELLS[:1])
    row = Row(**{**{f: getattr(row, f) for f in Row.__slots__}, "embedding": table.encoded(x)})
    np.testing.assert_allclose(table.embeddings([row])[0], x, rtol=1e-3, atol=1e-6)


def test_shards_are_put_together_and_a_repeated_row_is_refused(tmp_path):
    known = rows()
    for name, part in (("a", known[:5]), ("b", known[5:])):
        records.write(tmp_path / name, part)
    assert table.read([tmp_path / "a", tmp_path / "b"]) == known
    with pytest.raises(RecordError, match="overlap"):
        table.read([tmp_path / "a", tmp_path / "a"])


def test_another_configurations_table_is_refused(tmp_path):
    other = EvaluationConfig(seeds=9)
    records.write(tmp_path / "a", rows())
    records.write(tmp_path / "b", rows(CELLS, other))
    with pytest.raises(RecordError, match="different configurations"):
        table.read([tmp_path / "a", tmp_path / "b"])
    with pytest.raises(ConfigError, match="give another --out"):
        table.resume(tmp_path / "a", other)
    records.write(tmp_path / "a", [])
    with pytest.raises(RecordError, match="hypertransport evaluate"):
        table.read([tmp_path / "a"])


def test_pictures_of_different_cells_never_share_a_file(tmp_path):
    assert len({cell.picture(tmp_path) for cell in CELLS}) == len(CELLS)
    odd = CELLS[0]._replace(concept="../a/“b”" * 40).picture(tmp_path)
    assert odd.resolve().parent == tmp_path / "unsteered"
    assert len(odd.name) < 120
