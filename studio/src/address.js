// The page's address: the link to what is shown, or to nothing where that would be too long.

import { LONGEST, written } from "./permalink.js";

const PAUSE = 150; // milliseconds: browsers let a page change it only so often

export class Address {
  #state;
  #tell;
  #timer;

  // `state` gives what is shown; `tell` hears the link's length where it is too long, and else 0.
  constructor(state, tell) {
    this.#state = state;
    this.#tell = tell;
  }

  keep() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), PAUSE);
  }

  async write() {
    clearTimeout(this.#timer);
    const state = this.#state();
    const link = await written(state);
    if (state !== this.#state()) return; // what came after writes its own
    const tooLong = link.length > LONGEST;
    history.replaceState(null, "", tooLong ? "#" : `#${link}`);
    this.#tell(tooLong ? link.length : 0);
  }
}
