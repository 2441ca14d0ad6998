// A state as the fragment of an address, which browsers keep to themselves: JSON, deflated, base64.

import { checked } from "./state.js";

export const LONGEST = 100_000; // characters: what messengers and all browsers still carry
const MOST_JSON = 4_000_000;

export async function written(state) {
  const json = new Blob([JSON.stringify(state)]);
  const packed = await bytesOf(json.stream().pipeThrough(new CompressionStream("deflate-raw")));
  return toBase64(packed);
}

// Raises an Error for what is no state.
export async function read(fragment) {
  const packed = new Blob([fromBase64(fragment)]);
  const unpacked = packed.stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return checked(JSON.parse(new TextDecoder().decode(await bytesOf(unpacked, MOST_JSON))));
}

async function bytesOf(stream, most = Infinity) {
  const parts = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    length += value.length;
    if (length > most) throw new Error("this link holds too much");
    parts.push(value);
  }
}

function toBase64(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
