// What the page shows is one plain object, which is never changed in place: links and undo keep it.

export const DIAL = { min: -1, max: 1.5, step: 0.05 };
export const VIEWS = ["picture", "compare", "strip", "grid"];
// As the API has them.
export const MAX_CONCEPTS = 32;
export const MAX_REGIONS = 8;
export const MAX_PROMPT = 4000;
export const MAX_WORDS = 512;
export const MAX_SEED = 2 ** 31;
const IMAGE = /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/;

export function initial() {
  return {
    prompt: "a mushroom",
    concepts: [{ id: 1, words: "brick navy", picture: "", strength: 0.8, region: "" }],
    seed: 7,
    locked: true,
    calibrated: false,
    view: "picture",
    split: 50,
  };
}

export function concept(state, source) {
  const id = 1 + Math.max(0, ...state.concepts.map((one) => one.id));
  return { id, words: "", picture: "", strength: 0.8, region: "", ...source };
}

export const nameOf = (concept) => concept.words || `picture ${concept.id}`;

export function randomSeed() {
  return crypto.getRandomValues(new Uint32Array(1))[0] % MAX_SEED;
}

export function withConcept(state, id, changes) {
  const concepts = state.concepts.map((one) => (one.id === id ? { ...one, ...changes } : one));
  return { ...state, concepts };
}

export function onDial(strength) {
  const clamped = Math.min(DIAL.max, Math.max(DIAL.min, strength));
  return Math.round(clamped * 100) / 100;
}

// A link may hold anything. What is not exactly a state is refused with an Error.
export function checked(sent) {
  const wanted = initial();
  require(isObject(sent) && sameKeys(sent, wanted));
  require(text(sent.prompt, MAX_PROMPT) && VIEWS.includes(sent.view));
  require(Number.isSafeInteger(sent.seed) && sent.seed >= 0 && sent.seed <= MAX_SEED);
  require(typeof sent.locked === "boolean" && typeof sent.calibrated === "boolean");
  require(within(sent.split, 0, 100));
  require(Array.isArray(sent.concepts) && sent.concepts.length <= MAX_CONCEPTS);
  for (const one of sent.concepts) requireConcept(one);
  require(new Set(sent.concepts.map((one) => one.id)).size === sent.concepts.length);
  return sent;
}

function requireConcept(one) {
  require(isObject(one) && sameKeys(one, concept({ concepts: [] }, {})));
  require(Number.isSafeInteger(one.id) && within(one.id, 1, 1e6));
  require(text(one.words, MAX_WORDS) && within(one.strength, DIAL.min, DIAL.max));
  require((one.words.trim() !== "") !== (one.picture !== ""));
  require(one.picture === "" || IMAGE.test(one.picture));
  require(one.region === "" || IMAGE.test(one.region));
}

function require(holds) {
  if (!holds) throw new Error("this link does not hold a state of the studio");
}

const isObject = (sent) => typeof sent === "object" && sent !== null && !Array.isArray(sent);
const sameKeys = (a, b) => Object.keys(a).sort().join() === Object.keys(b).sort().join();
const text = (sent, most) => typeof sent === "string" && sent.length <= most;
const within = (sent, least, most) => typeof sent === "number" && sent >= least && sent <= most;
