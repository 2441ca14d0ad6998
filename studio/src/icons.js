// Lucide's icons, as they are used here.

import { unsafeHTML } from "lit/directives/unsafe-html.js";
import brush from "lucide-static/icons/brush.svg";
import camera from "lucide-static/icons/camera.svg";
import dices from "lucide-static/icons/dices.svg";
import download from "lucide-static/icons/download.svg";
import imagePlus from "lucide-static/icons/image-plus.svg";
import link from "lucide-static/icons/link.svg";
import lock from "lucide-static/icons/lock.svg";
import lockOpen from "lucide-static/icons/lock-open.svg";
import plus from "lucide-static/icons/plus.svg";
import redo from "lucide-static/icons/redo-2.svg";
import undo from "lucide-static/icons/undo-2.svg";
import x from "lucide-static/icons/x.svg";

const ICONS = { brush, camera, dices, download, imagePlus, link, lock, lockOpen, plus, redo, undo, x };

export const icon = (name) => ICON[name];

const ICON = Object.fromEntries(
  Object.entries(ICONS).map(([name, svg]) => [
    name,
    unsafeHTML(svg.replace(/<!--.*?-->\s*/, "").replace("<svg", '<svg aria-hidden="true"')),
  ]),
);
