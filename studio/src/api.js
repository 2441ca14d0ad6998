// The server that this page comes from, and no other.

const KEY = "hypertransport key";

export class Refusal extends Error {
  constructor(status, message, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter; // seconds
  }
}

export function useKey(key) {
  sessionStorage.setItem(KEY, key);
}

export const hasKey = () => Boolean(sessionStorage.getItem(KEY));

// The pictures of one call: [{src, seed, strength}].
export async function draw(body, signal) {
  const reply = await ask("v1/images/generations", body, signal);
  const { data } = await reply.json();
  return data.map(({ b64_json, seed, strength }) => ({
    src: `data:image/png;base64,${b64_json}`,
    seed,
    strength,
  }));
}

// {novelty, gain, limit}, each null where the model does not know it.
export async function foresee(source) {
  return (await ask("v1/novelty", source)).json();
}

export async function interventionFile(source) {
  return (await ask("v1/interventions", source)).blob();
}

export async function model() {
  const { data } = await (await ask("v1/models")).json();
  const [width, height] = data[0].size.split("x").map(Number);
  return { id: data[0].id, width, height };
}

export async function suggestions(typed) {
  const query = new URLSearchParams({ find: typed.slice(0, 200), limit: "12" });
  const { data } = await (await ask(`v1/concepts?${query}`)).json();
  return data.map((one) => one.phrase);
}

// What went wrong, as a sentence for people.
export function told(error) {
  if (error instanceof TypeError) return "The server does not answer.";
  if (error.status === 401) return "The server asks for a key.";
  const text = error.message || "something went wrong";
  return `${text[0].toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, ".");
}

async function ask(path, body, signal) {
  const key = sessionStorage.getItem(KEY);
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  if (body) headers["Content-Type"] = "application/json";
  const method = body ? "POST" : "GET";
  const reply = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
  if (!reply.ok) throw await refusalOf(reply);
  return reply;
}

async function refusalOf(reply) {
  const told = await reply.json().catch(() => null);
  const message = told?.error?.message ?? `the server answered ${reply.status}`;
  return new Refusal(reply.status, message, Number(reply.headers.get("Retry-After")));
}
