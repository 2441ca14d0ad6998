// Draws what is wanted now: one call on its way at a time, and the newest wish after it; all wishes
// between are dropped. A call on its way is cancelled when something else is wanted, but not because
// a dial has moved on: then a drag would show nothing before it rests. If it takes long, it is.

import { Refusal } from "./api.js";

const KEPT = 50_000_000; // letters of the pictures that are remembered
const PATIENCE = 300; // milliseconds

export class Artist {
  #draw;
  #tell;
  #next = null;
  #running = null; // {plan, asked, controller} of what is on its way
  #kept = new Map(); // pictures by their call
  #size = 0; // of what is kept

  // `tell` hears {busy}, {plan, pictures: a list of each row, milliseconds} and {error}.
  constructor(draw, tell) {
    this.#draw = draw;
    this.#tell = tell;
  }

  // `settled` where the wish is not one of many on the way to another.
  want(plan, settled) {
    const running = this.#running;
    if (running && !running.controller.signal.aborted && same(running.plan, plan)) {
      this.#next = null;
      return;
    }
    this.#next = { plan, asked: performance.now(), controller: new AbortController() };
    if (!running) this.#run();
    else if (stale(running, plan, settled)) running.controller.abort();
  }

  // What is on its way, and what waits, counts no more.
  cancel() {
    this.#next = null;
    this.#running?.controller.abort();
  }

  async #run() {
    this.#tell({ busy: true });
    while (this.#next) {
      this.#running = this.#next;
      this.#next = null;
      await this.#attempt(this.#running);
    }
    this.#running = null;
    this.#tell({ busy: false });
  }

  async #attempt({ plan, asked, controller: { signal } }) {
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
    this.#size += lengthOf(pictures);
    for (const [oldest, old] of this.#kept) {
      if (this.#size <= KEPT || oldest === key) break;
      this.#kept.delete(oldest);
      this.#size -= lengthOf(old);
    }
  }
}

const lengthOf = (pictures) => pictures.reduce((sum, { src }) => sum + src.length, 0);

const same = (plan, other) => JSON.stringify(plan) === JSON.stringify(other);

function stale(running, plan, settled) {
  const late = settled && performance.now() - running.asked > PATIENCE;
  return late || running.plan.subject !== plan.subject;
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
