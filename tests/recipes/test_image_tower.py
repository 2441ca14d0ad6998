import torch

from recipes.emojiscape import image_batches as ib
from recipes.emojiscape import image_tower as it


def test_some_pictures_are_shown_as_they_are_and_most_are_not(batches):
    loss = it.ImageLoss(it.image_tower(), None, None, None, batches)
    batch = batches(0)
    alike = [
        torch.equal(seen, 2 * picture - 1)
        for seen, picture in zip(loss.seen(batches(0), 0), batch.pictures, strict=True)
    ]
    assert 0.15 < sum(alike) / len(alike) < 0.5
    assert torch.equal(loss.seen(batches(0), 0), loss.seen(batches(0), 0))


def test_the_contrastive_loss_is_least_where_each_picture_is_its_text():
    texts = torch.eye(6)
    assert it.contrastive(3 * texts, texts) < 1e-6
    assert it.contrastive(texts.roll(1, 0), texts) > 10


def test_what_is_nearest_its_own_word_is_recognised_and_costs_little():
    words = torch.eye(6)
    least, all_right = it.recognised(3 * words, words, torch.arange(6))
    most, none_right = it.recognised(3 * words, words, torch.arange(6).roll(1))
    assert least < 1e-6 and all_right == 1
    assert most > 10 and none_right == 0


def test_a_step_teaches_the_tower_and_the_classes_of_others(batches, monkeypatch):
    for name in ("SCENES", "REFERENCES", "OTHERS"):
        monkeypatch.setattr(ib, name, 4)
    tower, classes = it.image_tower(), it.Classes(3)
    vocabulary = torch.nn.functional.normalize(torch.randn(3 + 48 + 256 + 80, it.EMBEDDING), dim=-1)
    random = torch.Generator().manual_seed(0)
    loss = it.ImageLoss(
        tower,
        classes,
        vocabulary,
        lambda texts: torch.randn(len(texts), it.EMBEDDING, generator=random),
        batches,
    )
    cost, figures = loss(0)
    cost.backward()
    assert torch.isfinite(cost) and {"right", "known"} < figures.keys()
    assert classes.embeddings.grad.abs().sum() > 0
    assert tower.visual_projection.weight.grad.abs().sum() > 0
