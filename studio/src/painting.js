// Painting where a concept acts, by pointer or by keyboard: a canvas over the picture. Its strokes
// are opaque; as a mask they are white on black.

const FINEST = 128; // pixels of the longer side: the server keeps no more

export class RegionPainter extends HTMLElement {
  #canvas = document.createElement("canvas");
  #ring = document.createElement("span");
  #pen = this.#canvas.getContext("2d", { willReadFrequently: true });
  #mask = null;
  #last = null; // where the stroke is, in pixels of the canvas
  #spot = { x: 0.5, y: 0.5 }; // of the brush that keys move
  brush = 0.25; // of the width
  erasing = false;

  connectedCallback() {
    this.#ring.className = "ring";
    this.replaceChildren(this.#canvas, this.#ring);
    this.#canvas.tabIndex = 0;
    this.#canvas.setAttribute("role", "application");
    this.#canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.#canvas.addEventListener(end, () => this.#end());
    }
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  set label(text) {
    const keys = "arrow keys move the brush, space paints, Delete clears";
    this.#canvas.setAttribute("aria-label", `${text}: ${keys}`);
  }

  // The size of the pictures, whose ratio the mask has.
  set size({ width, height }) {
    const scale = Math.min(1, FINEST / Math.max(width, height));
    const wide = Math.max(1, Math.round(width * scale));
    const high = Math.max(1, Math.round(height * scale));
    if (this.#canvas.width === wide && this.#canvas.height === high) return;
    Object.assign(this.#canvas, { width: wide, height: high });
  }

  // A data: URL, or "" where nothing is painted.
  set mask(url) {
    if (url === this.#mask) return;
    this.#mask = url;
    this.#show(url);
  }

  get mask() {
    return this.#mask;
  }

  async #show(url) {
    const { width, height } = this.#canvas;
    this.#pen.clearRect(0, 0, width, height);
    if (!url) return;
    const image = new Image();
    image.src = url;
    await image.decode();
    if (url !== this.#mask) return;
    this.#pen.drawImage(image, 0, 0, width, height);
    const pixels = this.#pen.getImageData(0, 0, width, height);
    const colour = this.#colour();
    for (let i = 0; i < pixels.data.length; i += 4) {
      pixels.data.set([...colour, pixels.data[i]], i);
    }
    this.#pen.putImageData(pixels, 0, 0);
  }

  #colour() {
    this.#pen.fillStyle = getComputedStyle(this).color;
    this.#pen.fillRect(0, 0, 0, 0);
    const probe = document.createElement("canvas").getContext("2d");
    probe.fillStyle = this.#pen.fillStyle;
    probe.fillRect(0, 0, 1, 1);
    return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  }

  #begin(event) {
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#last = this.#at(event);
    this.#move(event); // a tap has no other
  }

  #move(event) {
    const here = this.#at(event);
    this.#spot = { x: here.x / this.#canvas.width, y: here.y / this.#canvas.height };
    this.#placeRing();
    if (this.#last) this.#stroke(here);
  }

  #end() {
    if (!this.#last) return;
    this.#last = null;
    this.#tell();
  }

  #at(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - left) / width) * this.#canvas.width,
      y: ((event.clientY - top) / height) * this.#canvas.height,
    };
  }

  #stroke(to) {
    const from = this.#last ?? to;
    const pen = this.#pen;
    pen.globalCompositeOperation = this.erasing ? "destination-out" : "source-over";
    pen.strokeStyle = getComputedStyle(this).color;
    pen.lineWidth = this.brush * this.#canvas.width;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x + 0.01, to.y);
    pen.stroke();
    pen.globalCompositeOperation = "source-over";
    if (this.#last) this.#last = to;
  }

  #key(event) {
    const step = event.shiftKey ? 0.15 : 0.05;
    const moves = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    if (event.key in moves) {
      const [x, y] = moves[event.key];
      const inside = (value) => Math.min(1, Math.max(0, value));
      this.#spot = { x: inside(this.#spot.x + x), y: inside(this.#spot.y + y) };
      this.#placeRing();
    } else if (event.key === " " || event.key === "Enter") {
      const { width, height } = this.#canvas;
      this.#stroke({ x: this.#spot.x * width, y: this.#spot.y * height });
      this.#tell();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
    } else return;
    event.preventDefault();
  }

  clear() {
    this.#pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#tell();
  }

  #placeRing() {
    const side = `${100 * this.brush}%`;
    const style = { left: `${100 * this.#spot.x}%`, top: `${100 * this.#spot.y}%`, width: side };
    Object.assign(this.#ring.style, style);
  }

  #tell() {
    this.#mask = this.#asMask();
    this.dispatchEvent(new CustomEvent("painted", { detail: this.#mask }));
  }

  #asMask() {
    const { width, height } = this.#canvas;
    const pixels = this.#pen.getImageData(0, 0, width, height);
    let painted = 0;
    for (let i = 0; i < pixels.data.length; i += 4) {
      const covered = pixels.data[i + 3];
      painted = Math.max(painted, covered);
      pixels.data.set([covered, covered, covered, 255], i);
    }
    if (!painted) return "";
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    return canvas.toDataURL("image/png");
  }
}

customElements.define("region-painter", RegionPainter);
