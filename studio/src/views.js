// What was drawn: one picture, before and after, a strip of strengths, or strengths by concepts.

import "@awesome.me/webawesome/dist/components/comparison/comparison.js";
import { html, nothing } from "lit";
import { ref } from "lit/directives/ref.js";
import { shown } from "./dials.js";

// `drawn` is {plan, pictures}: of each row the pictures that are there by now.
export function view(drawn, state, act, overlay) {
  const { plan, pictures } = drawn;
  const first = pictures[0];
  const prompt = plan.rows[0]?.body.prompt;
  switch (first || plan.view === "grid" ? plan.view : "") {
    case "picture":
      return html`<div class="frame">${picture(first[0], prompt)}${overlay}</div>`;
    case "compare":
      return comparison(first, prompt, state.split, act);
    case "strip":
      return html`<ol class="strip">
        ${first.map(
          (one) =>
            html`<li>${choice(one, "all dials", one.strength === 1, () => act.scale(one.strength))}</li>`,
        )}
      </ol>`;
    case "grid":
      return grid(drawn, state, act);
  }
  return nothing;
}

const picture = (one, alt) => html`<img class="picture" src=${one.src} alt=${alt} />`;

// The library shows what it calls "after" on the left.
function comparison([before, after], prompt, split, act) {
  return html`<wa-comparison
      class="frame"
      position=${split}
      ${ref(named)}
      @change=${(event) => act.split(event.target.position)}
    >
      <img slot="after" class="picture" src=${before.src} alt="untouched: ${prompt}" />
      <img slot="before" class="picture" src=${after.src} alt="steered: ${prompt}" />
    </wa-comparison>
    <p class="ends" aria-hidden="true"><span>untouched</span><span>steered</span></p>`;
}

// The library gives its handle no name.
async function named(element) {
  await element?.updateComplete;
  element?.handle.setAttribute("aria-label", "Divider between untouched and steered");
}

// `current` where the dials stand now.
function choice(one, what, current, onClick) {
  const label = `Strength ${shown(one.strength)}: take it for ${what}`;
  return html`<button
    type="button"
    class="choice"
    title=${label}
    aria-label=${label}
    aria-current=${current ? "true" : nothing}
    @click=${onClick}
  >
    ${picture(one, "")}<span>${shown(one.strength)}</span>
  </button>`;
}

function grid({ plan, pictures }, { concepts }, act) {
  if (!plan.rows.length) return html`<p class="hint">Add a concept: each gets a row here.</p>`;
  const standsAt = (id) => concepts.find((one) => one.id === id)?.strength;
  return html`<div class="grid" role="region" aria-label="Strength by concept" tabindex="0">
    <table>
      <tbody>
        ${plan.rows.map(
          ({ name, id }, row) =>
            html`<tr>
              <th scope="row" title=${name}><span>${name}</span></th>
              ${(pictures[row] ?? []).map((one) => {
                const current = one.strength === standsAt(id);
                return html`<td>${choice(one, name, current, () => act.take(id, one.strength))}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
