// The studio: state in, page and pictures out.

import { render } from "lit";
import * as api from "./api.js";
import { Address } from "./address.js";
import { Artist } from "./artist.js";
import { openCamera } from "./camera.js";
import { interventionName, save, sheet } from "./exports.js";
import { Foresights } from "./foresights.js";
import { History } from "./history.js";
import { listen } from "./outside.js";
import { page } from "./page.js";
import { read } from "./permalink.js";
import { planOf, sourceOf } from "./plans.js";
import { fromFile } from "./references.js";
import {
  MAX_CONCEPTS, MAX_SEED, concept, initial, nameOf, onDial, randomSeed, withConcept,
} from "./state.js";
import "./style.css";
import "./theme.js";

const TYPING = 250; // milliseconds after the last letter
const NOTICE = 6000;
const SLOW = 400; // with no new picture

let history = new History(initial());
const ui = {
  model: { id: "", width: 1, height: 1 },
  drawn: null,
  busy: false,
  slow: false,
  problem: "",
  notice: "",
  known: new Map(),
  suggested: [],
  painting: 0, // the id of a concept
  brush: 0.25,
  erasing: false,
  exporting: false,
  camera: null,
  dropping: false,
  locked: false, // the server asks for a key
  refused: false, // and does not know the one it was given
  keyed: false,
  tooLong: 0, // letters, where they are too many for a link
};
const address = new Address(() => history.state, (tooLong) => show({ tooLong }));
const foresights = new Foresights(refresh);
const artist = new Artist(api.draw, hear);
let typing, noticing, suggesting, waiting;

// --- from state to page ------------------------------------------------------------------------

function refresh() {
  ui.known = foresights.of(history.state.concepts);
  render(page({ state: history.state, history, ui, act }), document.getElementById("studio"));
}

function redraw(settled) {
  clearTimeout(typing);
  refresh();
  if (history.state.prompt.trim()) artist.want(planOf(history.state), settled);
}

function hear({ busy, plan, pictures, milliseconds, error }) {
  if (busy !== undefined) ui.busy = busy;
  if (plan) {
    Object.assign(ui, { drawn: { plan, pictures, milliseconds }, problem: "", locked: false });
    if (!ui.model.id) meet();
  }
  if (error) fail(error);
  clearTimeout(waiting);
  if (ui.busy) waiting = setTimeout(() => show({ slow: true }), SLOW);
  show({ slow: false });
}

function fail(error) {
  ui.locked = error.status === 401;
  ui.refused = ui.locked && ui.keyed;
  ui.problem = api.told(error);
  refresh();
}

function notify(text) {
  ui.notice = text;
  clearTimeout(noticing);
  noticing = setTimeout(() => notify(""), NOTICE);
  if (!text) clearTimeout(noticing);
  refresh();
}

// A promise whose failure is said on the page: for a while, or until something is drawn.
async function trying(promise, say = fail) {
  try {
    return await promise;
  } catch (error) {
    say(error);
    return null;
  }
}

const briefly = (error) => notify(api.told(error));

// --- changes ---------------------------------------------------------------------------------------

function change(state, settled = true) {
  if (settled) history.settle(state);
  else history.pass(state);
  redraw(settled);
  if (settled) address.keep();
}

// A seed that is not locked changes with what is asked for, not with a dial.
const reseeded = (state) => (state.locked ? state : { ...state, seed: randomSeed() });

const act = {
  prompt(text, settled) {
    const { state, settled: last } = history;
    const isThere = text.trim() !== "";
    if (settled) return change(reseeded({ ...state, prompt: isThere ? text : last.prompt }));
    history.pass({ ...state, prompt: text });
    clearTimeout(typing);
    typing = setTimeout(() => {
      redraw(false);
      if (isThere) address.keep();
    }, TYPING);
  },
  turn: (id, strength, settled) => change(withConcept(history.state, id, { strength }), settled),
  add(source) {
    const { state } = history;
    if (state.concepts.length >= MAX_CONCEPTS) return notify(`At most ${MAX_CONCEPTS} concepts.`);
    ui.suggested = [];
    const concepts = [...state.concepts, concept(state, source)];
    change(reseeded({ ...state, concepts }));
  },
  async addFiles(files) {
    for (const file of files) {
      const picture = await trying(fromFile(file), briefly);
      if (picture) act.add({ picture });
    }
  },
  remove(id) {
    const { state } = history;
    const place = state.concepts.findIndex((one) => one.id === id);
    const concepts = state.concepts.filter((one) => one.id !== id);
    if (ui.painting === id) ui.painting = 0;
    change({ ...state, concepts });
    notify(`“${nameOf(state.concepts[place])}” is removed. Undo brings it back.`);
    const next = concepts[place] ?? concepts.at(-1); // its own button is gone
    focus(next ? `[data-concept="${next.id}"] [aria-label^="Remove"]` : ".group h2");
  },
  region: (id, region) => change(withConcept(history.state, id, { region })),
  paint(id) {
    ui.painting = ui.painting === id ? 0 : id;
    if (ui.painting && history.state.view !== "picture") act.look({ view: "picture" });
    refresh();
    if (ui.painting) focus(".stage canvas");
    else focus(`[data-concept="${id}"] .button`);
  },
  stopPainting: () => ui.painting && act.paint(ui.painting),
  brush(changes) {
    Object.assign(ui, changes);
    refresh();
  },
  calibrate: (calibrated) => change({ ...history.state, calibrated }),
  seed(seed) {
    const valid = Number.isSafeInteger(seed) && seed >= 0 && seed <= MAX_SEED;
    change(valid ? { ...history.state, seed } : history.state);
  },
  dice: () => change({ ...history.state, seed: randomSeed() }),
  lock: () => change({ ...history.state, locked: !history.state.locked }),
  look(changes) {
    history.look(changes);
    if (history.state.view !== "picture") ui.painting = 0;
    redraw(true);
    address.keep();
  },
  split(split) {
    history.look({ split });
    address.keep();
  },
  // Every dial times the strength of a picture of the strip.
  scale(factor) {
    const { state } = history;
    const concepts = state.concepts.map((one) => ({
      ...one,
      strength: onDial(one.strength * factor),
    }));
    change({ ...state, concepts });
  },
  take: (id, strength) => change(withConcept(history.state, id, { strength })),
  undo: () => travel("undo"),
  redo: () => travel("redo"),
  async suggest(typed) {
    clearTimeout(suggesting);
    suggesting = setTimeout(async () => {
      ui.suggested = typed.trim() ? await api.suggestions(typed).catch(() => []) : [];
      refresh();
    }, TYPING);
  },
  async copyLink() {
    await address.write();
    if (ui.tooLong) return;
    try {
      await navigator.clipboard.writeText(location.href);
      notify("The link is copied.");
    } catch {
      notify("Copy the link from the address bar: this browser does not let a page do it.");
    }
  },
  export: () => show({ exporting: true }),
  closeExport: (event) => event.target.localName === "wa-dialog" && show({ exporting: false }),
  async camera() {
    const camera = await trying(openCamera(act.addFiles), briefly);
    if (camera) show({ camera });
  },
  closeCamera() {
    for (const track of ui.camera?.getTracks() ?? []) track.stop();
    show({ camera: null });
  },
  key(key) {
    api.useKey(key);
    artist.cancel(); // it was asked with another
    Object.assign(ui, { locked: false, refused: false, keyed: true });
    act.again();
  },
  async again() {
    if (!ui.model.id) await meet();
    redraw(true);
  },
  async savePicture() {
    if (ui.drawn?.pictures[0]) save(await sheet(ui.drawn.pictures), "picture.png");
  },
  saveUrl: save,
  async saveIntervention(one) {
    const file = await trying(api.interventionFile(sourceOf(one)));
    if (!file) return;
    const url = URL.createObjectURL(file);
    save(url, interventionName(one));
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  },
};

function focus(selector) {
  document.querySelector(selector)?.focus();
}

function show(changes) {
  Object.assign(ui, changes);
  refresh();
}

function travel(way) {
  history[way]();
  if (!history.state.concepts.some((one) => one.id === ui.painting)) ui.painting = 0;
  redraw(true);
  address.keep();
}

// --- from outside --------------------------------------------------------------------------------

listen(act, (dropping) => ui.dropping !== dropping && show({ dropping }), notify);
addEventListener("hashchange", open);
addEventListener("beforeunload", (event) => ui.tooLong && event.preventDefault());

async function open() {
  const fragment = location.hash.slice(1);
  try {
    if (fragment) history = new History(await read(fragment));
  } catch {
    notify("This link cannot be read: ask for it again.");
  }
  ui.painting = 0;
  redraw(true);
}

async function meet() {
  const model = await trying(api.model());
  if (model) show({ model });
}

async function start() {
  ui.keyed = api.hasKey();
  await meet();
  await open();
}

start();
