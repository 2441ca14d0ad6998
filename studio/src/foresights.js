// What the server foresees of each concept, asked once for each.

import { foresee } from "./api.js";
import { sourceOf } from "./plans.js";

const KEPT = 500;

export class Foresights {
  #known = new Map(); // by source
  #asked = new Set();
  #tell;

  constructor(tell) {
    this.#tell = tell;
  }

  // By ids; of those that are not known yet the server is asked, and `tell` called when it answers.
  of(concepts) {
    const found = new Map();
    for (const concept of concepts) {
      const source = JSON.stringify(sourceOf(concept));
      if (this.#known.has(source)) found.set(concept.id, this.#known.get(source));
      else this.#ask(source);
    }
    return found;
  }

  #forget(source) {
    this.#known.delete(source);
    this.#asked.delete(source);
  }

  async #ask(source) {
    if (this.#asked.has(source)) return;
    this.#asked.add(source);
    try {
      this.#known.set(source, await foresee(JSON.parse(source)));
      if (this.#known.size > KEPT) this.#forget(this.#known.keys().next().value);
      this.#tell();
    } catch {
      this.#asked.delete(source); // drawing says what is wrong; this is asked again with it
    }
  }
}
