// From a state to what is asked of the API: one call, or for the grid one for each of its rows.

import { nameOf } from "./state.js";

export const STRIP = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
export const GRID = [-1, -0.5, 0, 0.5, 1, 1.5];

// {view, subject, rows: [{name, id, body}]}. Plans of one subject differ in nothing but where dials
// stand.
export function planOf(state) {
  const { view } = state;
  const subject = subjectOf(state);
  const body = { prompt: state.prompt, seed: state.seed };
  if (state.calibrated) body.calibrated = true;
  if (view === "grid") {
    const rows = state.concepts.map((one) => ({
      name: nameOf(one),
      id: one.id,
      body: { ...body, steering: [partOf(one, 1)], strengths: GRID },
    }));
    return { view, subject, rows };
  }
  const strengths = { picture: [1], compare: [0, 1], strip: STRIP }[view];
  const steering = state.concepts.map((one) => partOf(one, one.strength));
  const row = { name: "", id: 0, body: { ...body, steering, strengths } };
  return { view, subject, rows: [row] };
}

function subjectOf({ view, prompt, seed, calibrated, concepts }) {
  const sources = concepts.map(({ id, region }) => [id, region]);
  return JSON.stringify([view, prompt, seed, calibrated, sources]);
}

export function sourceOf(concept) {
  return concept.words ? { concept: concept.words } : { image: concept.picture };
}

function partOf(concept, strength) {
  const part = { ...sourceOf(concept), strength };
  return concept.region ? { ...part, mask: concept.region } : part;
}
