// Reference pictures, however they come: as small data: URLs, which travel in links and in calls.

const SIDE = 224; // what a CLIP sees at most
const MOST_BYTES = 50_000_000;

// Raises an Error, to be shown, for what is no picture.
export async function fromFile(file) {
  if (file.size > MOST_BYTES) throw new Error("this picture has more than 50 MB; scale it down");
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name || "this"} is no picture that this browser can read`);
  });
  const url = drawn(bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return url;
}

export const fromVideo = (video) => drawn(video, video.videoWidth, video.videoHeight);

// The pictures of a drop or a paste.
export function picturesIn(transfer) {
  return [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}

// On white where it is transparent, as the server reads it; small pictures without loss.
function drawn(image, width, height) {
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const small = Math.max(canvas.width, canvas.height) <= 96;
  return small ? canvas.toDataURL("image/png") : canvas.toDataURL("image/jpeg", 0.9);
}
