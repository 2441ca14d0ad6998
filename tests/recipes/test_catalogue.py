import numpy as np

from recipes.emojiscape import catalogue
from recipes.emojiscape.captions import article


def test_source_prompts_are_other_training_things_alone():
    names = [f"thing {i}" for i in range(400)]
    subjects = list(range(300))
    prompts = catalogue.source_prompts(subjects, names, np.random.default_rng(0))
    assert len(set(prompts)) == len(prompts) == catalogue.PROMPTS
    assert set(prompts) <= {article(names[i]) for i in subjects}
