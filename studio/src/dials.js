// A dial: a slider that fills from 0, with marks below it.

import "@awesome.me/webawesome/dist/components/slider/slider.js";
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { DIAL, onDial } from "./state.js";

export const shown = (strength) => strength.toFixed(2).replace("-", "−");

// `onMove` hears every step of a drag, `onRest` its end.
export function dial({ label, strength, limit, onMove, onRest }) {
  return html`<div class="dial">
    <wa-slider
      label=${label}
      min=${DIAL.min}
      max=${DIAL.max}
      step=${DIAL.step}
      indicator-offset="0"
      .value=${live(strength)}
      .valueFormatter=${shown}
      @input=${(event) => onMove(onDial(event.target.value))}
      @change=${(event) => onRest(onDial(event.target.value))}
    ></wa-slider>
    <div class="marks" aria-hidden="true">
      ${[-1, 0, 1].map((at) => mark(at, shown(at).replace(".00", "")))}
      ${limit !== null && limit < DIAL.max && limit > 0 ? mark(limit, "", "limit") : nothing}
    </div>
  </div>`;
}

const place = (strength) => (100 * (strength - DIAL.min)) / (DIAL.max - DIAL.min);
const mark = (at, text, kind = "") =>
  html`<span class=${kind} style="left: ${place(at)}%">${text}</span>`;
