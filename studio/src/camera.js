// A dialog with the camera's picture. Where a page may not have the camera (http on a network), the
// phone's own camera app is asked, through a file field.

import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { html, nothing } from "lit";
import { ref } from "lit/directives/ref.js";
import { fromVideo } from "./references.js";

// Resolves to a stream, or null where a file field was opened instead, which tells `onFiles`. Raises
// an Error, to be shown.
export async function openCamera(onFiles) {
  if (navigator.mediaDevices?.getUserMedia) {
    const wanted = { video: { facingMode: "environment" } };
    return navigator.mediaDevices.getUserMedia(wanted).catch((error) => {
      throw new Error(REASONS[error.name] ?? `the camera cannot be used (${error.name})`);
    });
  }
  const field = Object.assign(document.createElement("input"), { type: "file", accept: "image/*" });
  field.setAttribute("capture", "environment");
  field.addEventListener("change", () => onFiles([...field.files]));
  field.click();
  return null;
}

const REASONS = {
  NotAllowedError: "this browser lets no page here use the camera: its settings for the page say why",
  NotFoundError: "there is no camera here: choose a picture instead",
};

export function cameraDialog(stream, act) {
  if (!stream) return nothing;
  let video;
  const play = (element) => {
    if (element && element.srcObject !== stream) element.srcObject = stream;
    video = element ?? video;
  };
  return html`<wa-dialog label="Camera" open light-dismiss @wa-after-hide=${act.closeCamera}>
    <video autoplay playsinline muted ${ref(play)}></video>
    <button
      slot="footer"
      class="button loud"
      @click=${() => {
        if (video.videoWidth) act.add({ picture: fromVideo(video) });
        act.closeCamera();
      }}
    >
      Steer by this picture
    </button>
  </wa-dialog>`;
}
