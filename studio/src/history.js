// The state, and those before and after it. While something is dragged the state changes without
// being settled; undo leads from one settled state to the one before.

const MOST = 100;

export class History {
  #past = [];
  #future = [];
  #settled;

  constructor(state) {
    this.state = this.#settled = state;
  }

  get settled() {
    return this.#settled;
  }

  get undoable() {
    return this.#past.length > 0;
  }

  get redoable() {
    return this.#future.length > 0;
  }

  // A step on the way to something: a dial that moves.
  pass(state) {
    this.state = state;
  }

  settle(state = this.state) {
    this.state = state;
    if (JSON.stringify(state) === JSON.stringify(this.#settled)) return;
    this.#past = [...this.#past, this.#settled].slice(-MOST);
    this.#future = [];
    this.#settled = state;
  }

  // How one looks at it is no step: undo leaves that alone.
  look(changes) {
    this.#settled = { ...this.#settled, ...changes };
    this.state = { ...this.state, ...changes };
  }

  undo() {
    this.#go(this.#past, this.#future);
  }

  redo() {
    this.#go(this.#future, this.#past);
  }

  #go(from, to) {
    if (!from.length) return;
    to.push(this.#settled);
    const { view, split } = this.state;
    this.state = this.#settled = { ...from.pop(), view, split };
  }
}
