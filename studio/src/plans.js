// From a state to what is asked of the API: one call, or for the grid one for each of its rows.

import { nameOf } from "./state.js";

export const STRIP = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];
export const GRID = [-1, -0.5, 0, 0.5, 1, 1.5];
const MOST_STRENGTH = 10; // of the API

// {view, subject, rows: [{name, id, body}]}. `gains` has the gain of concepts by their ids; plans of
// one subject differ in nothing but where dials stand.
export function planOf(state, gains) {
  const { view } = state;
  const subject = subjectOf(state);
  const parts = state.concepts.map((one) => partOf(one, one.strength, gainOf(state, one, gains)));
  const body = { prompt: state.prompt, seed: state.seed };
  if (view === "grid") {
    const rows = state.concepts.map((one) => ({
      name: nameOf(one),
      id: one.id,
      body: {
        ...body,
        steering: [partOf(one, 1, gainOf(state, one, gains))],
        strengths: GRID,
      },
    }));
    return { view, subject, rows };
  }
  const strengths = { picture: [1], compare: [0, 1], strip: STRIP }[view];
  const row = { name: "", id: 0, body: { ...body, steering: parts, strengths } };
  return { view, subject, rows: [row] };
}

function subjectOf({ view, prompt, seed, calibrated, concepts }) {
  const sources = concepts.map(({ id, region }) => [id, region]);
  return JSON.stringify([view, prompt, seed, calibrated, sources]);
}

export function sourceOf(concept) {
  return concept.words ? { concept: concept.words } : { image: concept.picture };
}

function partOf(concept, dial, gain) {
  const strength = Math.max(-MOST_STRENGTH, Math.min(MOST_STRENGTH, dial * gain));
  const part = { ...sourceOf(concept), strength };
  return concept.region ? { ...part, mask: concept.region } : part;
}

function gainOf(state, concept, gains) {
  return state.calibrated ? (gains.get(concept.id) ?? 1) : 1;
}
