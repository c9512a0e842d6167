import type { StartPlayer } from "./player.ts";

export const start: StartPlayer = ({ element, url, bytes = 0, onRenditions, onFailure, signal }) => {
  element.addEventListener("error", onFailure, { signal });
  element.addEventListener(
    "loadedmetadata",
    () => {
      const { videoWidth, videoHeight, duration } = element;
      const size = videoWidth > 0 ? `${videoWidth}×${videoHeight}` : "audio";
      onRenditions([{ size, bitsPerSecond: Number.isFinite(duration) ? (bytes * 8) / duration : 0 }]);
    },
    { signal },
  );
  element.src = url;
};
