// A button with an icon; its name is read out, and seen where there is room or on hovering.

import { html, nothing } from "lit";
import { icon } from "./icons.js";

export function iconButton(name, label, onClick, options = {}) {
  const { disabled = false, pressed, text = "", kind = "" } = options;
  return html`<button
    type="button"
    class="button ${kind}"
    aria-label=${label}
    title=${label}
    aria-pressed=${pressed === undefined ? nothing : String(pressed)}
    ?disabled=${disabled}
    @click=${onClick}
  >
    ${icon(name)}${text ? html`<span>${text}</span>` : nothing}
  </button>`;
}
