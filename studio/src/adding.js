// How a concept is added: in words, or by a picture from a file or the camera. Dropping and pasting
// pictures work everywhere on the page.

import { html } from "lit";
import { iconButton } from "./button.js";
import { icon } from "./icons.js";
import { MAX_CONCEPTS, MAX_WORDS } from "./state.js";

export function adding(state, suggested, act) {
  const full = state.concepts.length >= MAX_CONCEPTS;
  const submit = (event) => {
    event.preventDefault();
    const field = event.target.elements.words;
    if (field.value.trim()) act.add({ words: field.value.trim() });
    field.value = "";
  };
  return html`<form class="adding" @submit=${submit}>
    <input
      name="words"
      aria-label="New concept, in words"
      placeholder=${full ? `at most ${MAX_CONCEPTS} concepts` : "another concept …"}
      maxlength=${MAX_WORDS}
      autocomplete="off"
      list="suggested"
      ?disabled=${full}
      @input=${(event) => act.suggest(event.target.value)}
    />
    <datalist id="suggested">
      ${suggested.map((phrase) => html`<option value=${phrase}></option>`)}
    </datalist>
    <button class="button" aria-label="Add concept" title="Add concept" ?disabled=${full}>
      ${icon("plus")}
    </button>
    ${iconButton("imagePlus", "Add a concept by a picture", chooseFile, { disabled: full })}
    <input
      class="hidden"
      type="file"
      accept="image/*"
      multiple
      aria-label="Picture file"
      tabindex="-1"
      @change=${(event) => taken(event.target, act)}
    />
    ${iconButton("camera", "Add a concept by camera", () => act.camera(), { disabled: full })}
    <p class="hint">… or drop a picture anywhere, or paste one.</p>
  </form>`;
}

const chooseFile = (event) => event.currentTarget.form.querySelector("[type=file]").click();

function taken(field, act) {
  act.addFiles([...field.files]);
  field.value = "";
}
