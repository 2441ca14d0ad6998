// What comes from outside the page's own widgets: pictures pasted or dropped anywhere, and shortcuts.

import { pictureIn } from "./references.js";

const DROPPING = { dragover: true, dragleave: false, drop: false };

// `hover` hears whether files are held over the page.
export function listen(act, hover, notify) {
  addEventListener("paste", (event) => {
    const file = pictureIn(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    act.addFile(file);
  });
  for (const [name, dropping] of Object.entries(DROPPING)) {
    addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      hover(dropping);
      if (name !== "drop") return;
      const file = pictureIn(event.dataTransfer);
      if (file) act.addFile(file);
      else notify("That is no picture.");
    });
  }
  addEventListener("keydown", (event) => shortcut(event, act));
}

function shortcut(event, act) {
  if (event.key === "Escape") act.stopPainting();
  const field = event.target.closest?.("input, textarea");
  if (field || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) act.redo();
  else act.undo();
}
