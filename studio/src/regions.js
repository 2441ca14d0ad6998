// Painting on the stage: the canvas over the picture, and its tools.

import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/slider/slider.js";
import { html } from "lit";
import { live } from "lit/directives/live.js";
import "./painting.js";
import { nameOf } from "./state.js";

export function overlay(concept, { model, brush, erasing }, act) {
  return html`<region-painter
    .size=${model}
    .label=${`Region of ${nameOf(concept)}`}
    .brush=${brush}
    .erasing=${erasing}
    .mask=${concept.region}
    @painted=${(event) => act.region(concept.id, event.detail)}
  ></region-painter>`;
}

export function tools(concept, { brush, erasing }, act) {
  const clear = () => act.region(concept.id, "");
  return html`<div class="tools" role="group" aria-label="Painting">
    <wa-radio-group
      label="Brush"
      size="s"
      orientation="horizontal"
      .value=${live(erasing ? "erase" : "paint")}
      @change=${(event) => act.brush({ erasing: event.target.value === "erase" })}
    >
      <wa-radio appearance="button" value="paint">Paint</wa-radio>
      <wa-radio appearance="button" value="erase">Erase</wa-radio>
    </wa-radio-group>
    <wa-slider
      label="Size of the brush"
      size="s"
      min="5"
      max="60"
      .value=${live(Math.round(100 * brush))}
      @input=${(event) => act.brush({ brush: event.target.value / 100 })}
    ></wa-slider>
    <button type="button" class="button" ?disabled=${!concept.region} @click=${clear}>Clear</button>
    <button type="button" class="button loud" @click=${() => act.paint(concept.id)}>Done</button>
    <p class="hint">Drag over the picture: the concept acts where you paint, and nowhere else.</p>
  </div>`;
}
