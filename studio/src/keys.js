// Asked for when the server lets in only who has a key. It is kept until the tab is closed.

import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { html, nothing } from "lit";

export function keyDialog(open, act) {
  if (!open) return nothing;
  const submit = (event) => {
    event.preventDefault();
    act.key(event.target.elements.key.value.trim());
  };
  return html`<wa-dialog label="This server asks for a key" open @wa-hide=${hold}>
    <form class="adding" @submit=${submit}>
      <input name="key" type="password" aria-label="API key" autocomplete="off" autofocus />
      <button class="button loud">Use it</button>
    </form>
  </wa-dialog>`;
}

const hold = (event) => event.preventDefault();
