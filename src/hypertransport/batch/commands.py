"""The command that draws many pictures; the rest of them are in `hypertransport.cli`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hypertransport import loading
from hypertransport.batch import lines
from hypertransport.extras import extra
from hypertransport.terminal import progress

if TYPE_CHECKING:  # these wait for torch
    from hypertransport.batch.cells import Cell


def generate_many(chosen: argparse.Namespace) -> None:
    """Check the whole file, draw what the folder lacks, and print the manifest's path."""
    wanted = lines.read(chosen.file)
    with progress("checking", len(wanted), "line") as bar:
        from hypertransport.batch import cells
        from hypertransport.serving.engine import EngineSettings
        from hypertransport.strips import check_folder

        EngineSettings(chosen.max_batch)
        if cells.needs_hypernetwork(wanted):
            loading.require_hypernetwork(chosen)
        planned = cells.plan(wanted, cells.References(chosen.file, chosen.model), bar.update)
        check_folder(chosen.out)
        from hypertransport.batch.drawing import MANIFEST
        from hypertransport.locking import one_writer
        from hypertransport.replacing import remove_stale

    run = _here if chosen.actors is None else _on_ray
    with one_writer(chosen.out / MANIFEST):
        remove_stale(chosen.out)
        drawn, path = run(chosen, planned)
    different = len({cell.asked for cell in planned})
    told = f"{different} pictures: {drawn} drawn, {different - drawn} were there"
    print(f"hypertransport: {told}", file=sys.stderr)
    print(path)


def _here(chosen: argparse.Namespace, planned: "Sequence[Cell]") -> "tuple[int, Path]":
    """Draw in this process; returns how many, and the manifest's path."""
    from hypertransport.batch.cells import begun, needs_hypernetwork, record_of
    from hypertransport.batch.drawing import BEGUN, Manifest, loaded_drawer

    with loaded_drawer(chosen, needs_hypernetwork([cell.line for cell in planned])) as loaded:
        every = [record_of(cell, loaded.weights) for cell in planned]
        missing = loaded.missing(planned)
        named = {record.picture: cell for record, cell in zip(every, planned, strict=True)}
        lacking = {record_of(cell, loaded.weights).picture: None for cell in missing}
        path = chosen.out / BEGUN
        first = begun(path, [*named, str(chosen.max_batch)], [*lacking])
        manifest = Manifest(chosen.out, (one for one in every if one.picture not in lacking))
        with progress("drawing", len(missing)) as bar:
            for record in loaded.draw([named[name] for name in first], missing):
                manifest.add(record)
                bar.update()
    manifest.finish(every)
    path.unlink()
    return len(missing), manifest.path


def _on_ray(chosen: argparse.Namespace, planned: "Sequence[Cell]") -> "tuple[int, Path]":
    """The same by actors, which share the folder."""
    with extra("ray"):
        from hypertransport.batch import ray_data
    from hypertransport.batch.drawing import Manifest

    manifest = Manifest(chosen.out, ())
    every, drawn = {}, set()
    with progress("drawing", len(planned)) as bar:
        for done in ray_data.draw(chosen, planned):
            manifest.add(done.record)
            every[done.place] = done.record
            drawn.update([done.record.picture] if done.drawn else [])
            bar.update()
    manifest.finish(every[place] for place in sorted(every))
    return len(drawn), manifest.path
