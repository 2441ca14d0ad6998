// The whole page as one template of what there is to show; `act` has all that can be done.

import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/switch/switch.js";
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { adding } from "./adding.js";
import { iconButton } from "./button.js";
import { cameraDialog } from "./camera.js";
import { chips } from "./chips.js";
import { exportDialog } from "./exports.js";
import { keyDialog } from "./keys.js";
import { LONGEST } from "./permalink.js";
import { MAX_PROMPT, MAX_SEED } from "./state.js";
import { overlay, tools } from "./regions.js";
import { view } from "./views.js";

const VIEWS = { picture: "Picture", compare: "Compare", strip: "Strip", grid: "Grid" };

export function page({ state, history, ui, act }) {
  return html`
    ${head(history, act)}
    <main class=${ui.dropping ? "dropping" : ""}>
      ${stage(state, ui, act)} ${panel(state, ui, act)}
    </main>
    ${exportDialog(ui, state, act)} ${cameraDialog(ui.camera, act)} ${keyDialog(ui, act)}
  `;
}

function head(history, act) {
  return html`<header>
    <h1>hypertransport <span>studio</span></h1>
    <div class="actions" role="toolbar" aria-label="Actions">
      ${iconButton("undo", "Undo", act.undo, { disabled: !history.undoable })}
      ${iconButton("redo", "Redo", act.redo, { disabled: !history.redoable })}
      ${iconButton("link", "Copy link", act.copyLink, { text: "Copy link" })}
      ${iconButton("download", "Export", act.export, { text: "Export" })}
    </div>
  </header>`;
}

function stage(state, ui, act) {
  const painted = state.concepts.find((one) => one.id === ui.painting);
  const small = Math.max(ui.model.width, ui.model.height) <= 128;
  return html`<section class="stage ${small ? "small" : ""}" aria-label="Picture">
    <wa-radio-group
      label="View"
      orientation="horizontal"
      .value=${live(state.view)}
      @change=${(event) => act.look({ view: event.target.value })}
    >
      ${Object.entries(VIEWS).map(
        ([name, title]) => html`<wa-radio appearance="button" value=${name}>${title}</wa-radio>`,
      )}
    </wa-radio-group>
    <div class="drawn ${ui.slow ? "slow" : ""}" aria-busy=${String(ui.busy)} data-view=${ui.drawn?.plan.view ?? ""}>
      ${ui.drawn ? view(ui.drawn, state, act, painted ? overlay(painted, ui, act) : nothing) : nothing}
    </div>
    ${painted ? tools(painted, ui, act) : nothing}
    <p class="told" role="status" aria-live="polite">${told(ui, act)}</p>
  </section>`;
}

function told(ui, act) {
  if (ui.notice) return ui.notice;
  if (ui.slow) return "Drawing …";
  if (ui.problem) {
    return html`<span class="problem">${ui.problem}</span>
      <button type="button" class="button outlined" @click=${act.again}>Try again</button>`;
  }
  if (ui.tooLong) return tooLong(ui.tooLong);
  return ui.drawn ? `${ui.model.width} × ${ui.model.height} · ${ui.drawn.milliseconds} ms` : "";
}

const tooLong = (length) =>
  `This is too large for a link (${Math.round(length / 1000)} of ${LONGEST / 1000} thousand ` +
  "letters), and lost when the page is closed: remove a reference picture.";

function panel(state, ui, act) {
  const calibrated = [...ui.known.values()].some((one) => one.gain !== null);
  return html`<section class="panel" aria-label="What is drawn">
    <label class="field">
      Prompt
      <textarea
        rows="2"
        maxlength=${MAX_PROMPT}
        .value=${live(state.prompt)}
        @input=${(event) => act.prompt(event.target.value, false)}
        @change=${(event) => act.prompt(event.target.value, true)}
      ></textarea>
    </label>
    <div class="group">
      <h2 tabindex="-1">Concepts</h2>
      <p class="hint">The picture is steered towards them, or away below 0. Turn a dial.</p>
      ${chips(state, ui.known, ui.painting, act)} ${adding(state, ui.suggested, act)}
    </div>
    ${calibrated
      ? html`<wa-switch
          size="s"
          .checked=${live(state.calibrated)}
          hint="Strength 1 then has the same effect for every concept, and 0.5 shows half of it."
          @change=${(event) => act.calibrate(event.target.checked)}
          >Calibrated dials</wa-switch
        >`
      : nothing}
    ${seed(state, act)}
  </section>`;
}

function seed(state, act) {
  const lock = state.locked ? "Seed locked" : "Seed not locked: a new prompt takes another";
  return html`<div class="seed">
    <label class="field">
      Seed
      <input
        type="number"
        min="0"
        max=${MAX_SEED}
        step="1"
        .value=${live(String(state.seed))}
        @change=${(event) => act.seed(event.target.valueAsNumber)}
      />
    </label>
    ${iconButton(state.locked ? "lock" : "lockOpen", lock, act.lock, { pressed: state.locked })}
    ${iconButton("dices", "Another seed", act.dice)}
  </div>`;
}
