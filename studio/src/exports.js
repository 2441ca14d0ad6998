// The state as a program, as a call, as a picture, and as intervention files.

import "@awesome.me/webawesome/dist/components/copy-button/copy-button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { html, nothing } from "lit";
import { planOf } from "./plans.js";
import { nameOf } from "./state.js";

export function exportDialog({ exporting, model, problem, keyed }, state, act) {
  if (!exporting) return nothing;
  return html`<wa-dialog label="Export" open light-dismiss @wa-after-hide=${act.closeExport}>
    ${snippet("Python", python(state, model))} ${snippet("curl", curl(state, keyed))}
    <h3>Files</h3>
    <p class="files">
      <button class="button" @click=${act.savePicture}>Picture, as it is shown</button>
      ${state.concepts.map((one) => files(one, act))}
    </p>
    ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
  </wa-dialog>`;
}

function snippet(name, text) {
  return html`<div class="snippet">
    <h3>${name}</h3>
    <wa-copy-button value=${text} copy-label="Copy ${name}"></wa-copy-button>
    <pre tabindex="0" aria-label="${name} snippet">${text}</pre>
  </div>`;
}

function files(concept, act) {
  const name = nameOf(concept);
  const button = (label, onClick) =>
    html`<button class="button" @click=${onClick}>${label}</button>`;
  return html`${button(`Intervention of ${name}`, () => act.saveIntervention(concept))}
  ${concept.picture
    ? button(pictureFile(concept), () => act.saveUrl(concept.picture, pictureFile(concept)))
    : nothing}
  ${concept.region
    ? button(regionFile(concept), () => act.saveUrl(concept.region, regionFile(concept)))
    : nothing}`;
}

// A name of letters, digits and hyphens, short enough for any disk.
export function interventionName(concept) {
  const name = nameOf(concept).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${[...name].slice(0, 60).join("") || `concept-${concept.id}`}.safetensors`;
}

const pictureFile = ({ id, picture }) =>
  `reference-${id}.${picture.startsWith("data:image/png") ? "png" : "jpg"}`;
const regionFile = ({ id }) => `region-${id}.png`;

// The same picture from Python. Concepts in a region come last, as the server has them.
export function python(state, model) {
  const everywhere = state.concepts.filter((one) => !one.region);
  const inside = state.concepts.filter((one) => one.region);
  const steered = [...everywhere, ...inside].map((one) => `    ${steering(one, state)},`);
  const draw = `generator(${quoted(state.prompt)}, seed=${state.seed})`;
  return [
    "import hypertransport as ht",
    "",
    `generator = ht.load_generator(${quoted(model.id)})`,
    `hyper = ht.HyperTransport.from_pretrained(${quoted(model.id)})`,
    "",
    ...(steered.length
      ? ["with (", ...steered, "):", `    image = ${draw}`]
      : [`image = ${draw}`]),
    'image.save("picture.png")',
    "",
  ].join("\n");
}

function steering(one, state) {
  const source = one.words ? quoted(one.words) : `ht.load_picture("${pictureFile(one)}")`;
  const hyper = `hyper(${source}${state.calibrated ? ", calibrated=True" : ""})`;
  const mask = one.region ? `, mask=ht.load_picture("${regionFile(one)}")` : "";
  const strength = state.calibrated ? `hyper.dial(${one.strength})` : one.strength;
  return `ht.steer(generator, ${hyper}, strength=${strength}${mask})`;
}

// What JSON writes is a string of Python, too.
const quoted = (text) => JSON.stringify(text);

export function curl(state, keyed) {
  const { body } = planOf({ ...state, view: "picture" }).rows[0];
  const address = new URL("v1/images/generations", document.baseURI);
  const key = keyed ? ' -H "Authorization: Bearer $KEY"' : "";
  return [
    `curl ${address} -H 'Content-Type: application/json'${key} --data-binary @- <<'JSON'`,
    JSON.stringify(body, null, 1),
    "JSON",
    "",
  ].join("\n");
}

// All pictures that are shown, side by side, a row for each row.
export async function sheet(pictures) {
  const images = await Promise.all(pictures.map((row) => Promise.all(row.map(loaded))));
  const { width, height } = images[0][0];
  const canvas = document.createElement("canvas");
  canvas.width = width * Math.max(...images.map((row) => row.length));
  canvas.height = height * images.length;
  const pen = canvas.getContext("2d");
  images.forEach((row, y) =>
    row.forEach((image, x) => pen.drawImage(image, x * width, y * height)),
  );
  return canvas.toDataURL("image/png");
}

async function loaded({ src }) {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}

export function save(url, name) {
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
}
