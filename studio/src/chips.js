// The concepts: a chip for each, with its dial, what is known of it, and where it acts.

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { iconButton } from "./button.js";
import { dial, shown } from "./dials.js";
import { MAX_REGIONS, nameOf } from "./state.js";

// `known` has what the server foresees, by ids; `act` has what can be done to a concept.
export function chips(state, known, painting, act) {
  const one = (concept) => chip(concept, state, known.get(concept.id), painting, act);
  return html`<ul class="concepts" aria-label="Concepts">
    ${repeat(state.concepts, (concept) => concept.id, one)}
  </ul>`;
}

function chip(concept, state, foresight, painting, act) {
  const name = nameOf(concept);
  const { id, strength, region } = concept;
  const limit = limitOf(foresight, state.calibrated);
  const full = !region && state.concepts.filter((one) => one.region).length >= MAX_REGIONS;
  return html`<li class="concept" data-concept=${id}>
    <div class="chip">
      ${concept.picture ? html`<img class="thumb" src=${concept.picture} alt="" />` : nothing}
      <span class="name" title=${name}>${name}</span>
      <output aria-hidden="true">${shown(strength)}</output>
      ${iconButton("brush", full ? FULL : `Paint where ${name} acts`, () => act.paint(id), {
        pressed: painting === id,
        kind: region ? "filled" : "",
        disabled: full,
      })}
      ${iconButton("x", `Remove ${name}`, (event) => isOnce(event) && act.remove(id))}
    </div>
    ${dial({
      label: `Strength of ${name}`,
      strength,
      limit,
      onMove: (value) => act.turn(id, value, false),
      onRest: (value) => act.turn(id, value, true),
    })}
    <p class="known">${facts(foresight, concept)}</p>
    ${cautions(foresight, strength, limit).map(
      (text) => html`<p class="caution" role="status">${text}</p>`,
    )}
  </li>`;
}

const FULL = `At most ${MAX_REGIONS} concepts have a region`;

// The second click of a double one would hit the concept that has moved up.
const isOnce = (event) => event.detail < 2;

function facts(foresight, concept) {
  const told = [];
  if (foresight?.novelty != null) told.push(`novelty ${foresight.novelty.toFixed(2)} of 1`);
  if (foresight?.gain != null) told.push(`usual effect at ${foresight.gain.toFixed(2)}`);
  if (concept.region) told.push("in a region");
  return told.join(" · ");
}

// Said where they matter: beside the dial that is turned too far, the concept that is too new.
function cautions(foresight, strength, limit) {
  const told = [];
  if (foresight?.novelty > 1) {
    const times = foresight.novelty.toPrecision(2);
    told.push(
      `Far from all that the model was trained on: ${times} times as far as almost all concepts ` +
        "it was tried with. It may come out badly.",
    );
  }
  if (limit !== null && strength > limit) {
    told.push(`Beyond ${limit.toPrecision(3)} most effects shrink.`);
  }
  return told;
}

// The limit as the dial reads it.
function limitOf(foresight, calibrated) {
  if (foresight?.limit == null) return null;
  return calibrated && foresight.gain ? foresight.limit / foresight.gain : foresight.limit;
}
