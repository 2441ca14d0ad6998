// Asked for when the server lets in only who has a key. It is kept until the tab is closed.

import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { html, nothing } from "lit";

export function keyDialog({ locked, refused }, act) {
  if (!locked) return nothing;
  const submit = (event) => {
    event.preventDefault();
    act.key(event.target.elements.key.value.trim());
  };
  return html`<wa-dialog class="held" label="This server asks for a key" open @wa-hide=${hold}>
    <form class="adding" @submit=${submit}>
      <input name="key" type="password" aria-label="API key" autocomplete="off" autofocus />
      <button class="button loud">Use it</button>
    </form>
    ${refused ? html`<p class="problem" role="alert">It does not know this key.</p>` : nothing}
  </wa-dialog>`;
}

const hold = (event) => event.preventDefault();
