// What comes from outside the page's own widgets: pictures pasted or dropped anywhere, and shortcuts.

import { picturesIn } from "./references.js";

const DROPPING = { dragover: true, dragleave: false, drop: false };

// `hover` hears whether files are held over the page.
export function listen(act, hover, notify) {
  addEventListener("paste", (event) => {
    const files = picturesIn(event.clipboardData);
    if (!files.length || isText(event)) return;
    event.preventDefault();
    act.addFiles(files);
  });
  for (const [name, dropping] of Object.entries(DROPPING)) {
    addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      event.preventDefault();
      hover(dropping);
      if (name !== "drop") return;
      const files = picturesIn(event.dataTransfer);
      if (files.length) act.addFiles(files);
      else notify("That is no picture.");
    });
  }
  addEventListener("keydown", (event) => shortcut(event, act));
}

// Of what is copied from a document browsers offer a picture, too; a field is for its words.
const isText = ({ target, clipboardData }) =>
  fieldOf(target) && clipboardData.types.includes("text/plain");

const fieldOf = (target) => target.closest?.("input, textarea");

// A field that holds something undoes its own letters.
function shortcut(event, act) {
  if (event.key === "Escape") act.stopPainting();
  if (fieldOf(event.target)?.value || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) act.redo();
  else act.undo();
}
