from math import isnan

import numpy as np
import pytest
from scipy.stats import spearmanr

from hypertransport.evaluation.metrics import (
    SCALE,
    cmmd,
    content_kept,
    directional_similarity,
    effect_at_content,
    monotonicity,
    similarity,
)

RNG = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape)


def unit(*shape: int) -> np.ndarray:
    x = normal(*shape)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def rotation(dim: int) -> np.ndarray:
    return np.linalg.qr(normal(dim, dim))[0]


# --- similarity


def test_a_vector_is_like_itself_and_unlike_its_opposite():
    x = normal(5, 8)
    np.testing.assert_allclose(similarity(x, x), 1)
    np.testing.assert_allclose(similarity(x, -x), -1)


def test_similarity_is_symmetric_and_blind_to_length_and_rotation():
    x, y, turn = normal(5, 8), normal(5, 8), rotation(8)
    value = similarity(x, y)
    assert (np.abs(value) <= 1).all()
    np.testing.assert_allclose(similarity(y, x), value)
    np.testing.assert_allclose(similarity(3 * x, 0.1 * y), value)
    np.testing.assert_allclose(similarity(x @ turn, y @ turn), value)


def test_one_row_goes_with_all_and_zeros_are_like_nothing():
    x, y = normal(5, 8), normal(1, 8)
    np.testing.assert_allclose(similarity(x, y), similarity(x, np.repeat(y, 5, 0)))
    assert similarity(np.zeros((2, 8)), y).tolist() == [0, 0]


def test_a_picture_that_moves_as_words_do_has_direction_one():
    unsteered, prompt, step = normal(4, 8), normal(4, 8), normal(4, 8)
    there = directional_similarity(unsteered + 2 * step, unsteered, prompt + step, prompt)
    back = directional_similarity(unsteered - step, unsteered, prompt + step, prompt)
    np.testing.assert_allclose(there, 1)
    np.testing.assert_allclose(back, -1)
    rounded = unsteered * (1 + 1e-7 * normal(4, 8))
    for same in (unsteered, rounded):
        still = directional_similarity(same, unsteered, prompt + step, prompt)
        assert still.tolist() == [0] * 4


# --- CMMD


def test_a_set_has_no_distance_to_itself_nor_to_its_own_shuffling():
    x = unit(20, 8)
    assert cmmd(x, x) == pytest.approx(0, abs=1e-9)
    assert cmmd(x, x[::-1].copy()) == pytest.approx(0, abs=1e-9)
    assert cmmd(x, np.repeat(x, 3, 0)) == pytest.approx(0, abs=1e-9)


def test_distance_is_symmetric_positive_and_blind_to_rotation():
    x, y, turn = unit(20, 8), unit(15, 8), rotation(8)
    value = cmmd(x, y)
    assert 0 < value < 2 * SCALE
    assert cmmd(y, x) == pytest.approx(value)
    assert cmmd(x @ turn, y @ turn) == pytest.approx(value)


def test_of_single_points_the_distance_is_known():
    x, y = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert cmmd(x, y) == pytest.approx(2000 * (1 - np.exp(-2 / 200)))
    assert cmmd(x, y, sigma=1.0, scale=1.0) == pytest.approx(2 * (1 - np.exp(-1)))


def test_distance_is_precise_in_half_precision():
    x, y = unit(20, 64), unit(15, 64)
    assert cmmd(x.astype(np.float16), y.astype(np.float16)) == pytest.approx(cmmd(x, y), rel=1e-2)


# --- along a strength


def test_content_kept_is_a_ratio():
    scores = RNG.random(6)
    kept = content_kept(scores, scores[0].item())
    assert kept[0] == 1
    np.testing.assert_allclose(kept, content_kept(7 * scores, 7 * scores[0].item()))
    assert content_kept(0 * scores, 0.5).tolist() == [0] * 6
    assert np.isnan(content_kept(scores, 0.0)).all()


def test_monotonicity_is_that_of_scipy_also_with_equal_values():
    for _ in range(20):
        x, y = RNG.integers(5, size=(2, 9)).astype(float)
        assert monotonicity(x, y) == pytest.approx(spearmanr(x, y).statistic)


def test_monotonicity_sees_order_alone():
    strength, effect = np.linspace(0.0, 1.5, 7), normal(7)
    value = monotonicity(strength, effect)
    assert monotonicity(strength**3, np.exp(effect)) == pytest.approx(value)
    assert monotonicity(strength, -effect) == pytest.approx(-value)
    assert monotonicity(strength, np.sort(effect)) == pytest.approx(1)
    assert isnan(monotonicity(strength, np.ones(7)))


EFFECT, CONTENT = np.array([0.0, 0.5, 0.9, 0.8]), np.array([1.0, 0.8, 0.4, 0.2])


def test_effect_at_content_follows_the_curve():
    assert effect_at_content(EFFECT, CONTENT, 1.0) == 0
    assert effect_at_content(EFFECT, CONTENT, 0.8) == 0.5
    assert effect_at_content(EFFECT, CONTENT, 0.6) == pytest.approx(0.7)
    assert effect_at_content(EFFECT, CONTENT, 0.3) == 0.9
    assert isnan(effect_at_content(EFFECT, CONTENT, 1.1))


def test_less_content_never_costs_effect_on_any_curve():
    effect, content = RNG.random(9), RNG.random(9)
    values = [effect_at_content(effect, content, c) for c in np.linspace(content.max(), 0, 30)]
    assert (np.diff(values) >= 0).all()
    assert values[-1] == effect.max()


def test_a_point_on_a_line_of_the_curve_changes_nothing():
    middle = np.insert(EFFECT, 2, 0.7), np.insert(CONTENT, 2, 0.6)
    for least in np.linspace(0, 1, 11):
        whole = effect_at_content(EFFECT, CONTENT, least)
        assert effect_at_content(*middle, least) == pytest.approx(whole)
