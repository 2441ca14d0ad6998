// Draws what is wanted now: one call on its way at a time, and the newest wish after it. While a
// dial moves, the call on its way may finish, or a drag would show nothing until it rests; whatever
// is settled cancels it.

import { Refusal } from "./api.js";

const KEPT = 200; // calls whose pictures are remembered

export class Artist {
  #draw;
  #tell;
  #next = null;
  #running = null; // the controller of the call on its way
  #kept = new Map();

  // `tell` hears {busy}, {plan, pictures: a list of each row, milliseconds} and {error}.
  constructor(draw, tell) {
    this.#draw = draw;
    this.#tell = tell;
  }

  want(plan, settled) {
    this.#next = { plan, asked: performance.now() };
    if (!this.#running) this.#run();
    else if (settled) this.#running.abort();
  }

  async #run() {
    this.#tell({ busy: true });
    while (this.#next) {
      const { plan, asked } = this.#next;
      this.#next = null;
      this.#running = new AbortController();
      await this.#attempt(plan, asked, this.#running.signal);
    }
    this.#running = null;
    this.#tell({ busy: false });
  }

  async #attempt(plan, asked, signal) {
    const pictures = [];
    try {
      for (const { body } of plan.rows) {
        pictures.push(await this.#patiently(body, signal));
        const milliseconds = Math.round(performance.now() - asked);
        this.#tell({ plan, pictures: [...pictures], milliseconds });
      }
      if (!plan.rows.length) this.#tell({ plan, pictures, milliseconds: 0 });
    } catch (error) {
      if (error.name !== "AbortError") this.#tell({ error });
    }
  }

  // A full server says when to come back.
  async #patiently(body, signal) {
    const key = JSON.stringify(body);
    for (let tries = 0; !this.#kept.has(key); tries++) {
      try {
        this.#keep(key, await this.#draw(body, signal));
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 429 || tries === 5) throw error;
        await pause(1000 * Math.max(1, error.retryAfter), signal);
      }
    }
    return this.#kept.get(key);
  }

  #keep(key, pictures) {
    this.#kept.set(key, pictures);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value);
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
