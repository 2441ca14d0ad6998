"""The snippets of docs/threads.md do what the page says."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypertransport as ht

PAGE = Path(__file__).parent.parent / "docs" / "threads.md"
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_threads_and_tasks_draw_the_images_that_each_would_draw_alone() -> None:
    generator = ht.load_generator("emojiscape")
    hyper = ht.HyperTransport.from_pretrained("emojiscape")
    names: dict[str, Any] = {"ht": ht, "generator": generator, "hyper": hyper}
    names |= {"ThreadPoolExecutor": ThreadPoolExecutor, "asyncio": asyncio}
    threads, tasks = SNIPPETS
    exec(threads, names)
    with ht.steer(generator, hyper("zigzag purple")):
        wanted = generator("a crown", seed=7).tobytes()
    assert names["images"][1].tobytes() == wanted

    async def both() -> list[Any]:
        names["lock"] = asyncio.Lock()
        pairs = [("brick navy", "a door"), ("zigzag purple", "a crown")]
        return await asyncio.gather(*(names["draw"](*pair) for pair in pairs))

    exec(tasks, names)
    assert asyncio.run(both())[1].tobytes() == wanted
