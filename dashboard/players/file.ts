import type { StartPlayer } from "./player.ts";

export const start: StartPlayer = ({ element, url, bytes = 0, tell, fail, signal }) => {
  element.addEventListener("error", fail, { signal });
  element.addEventListener(
    "loadedmetadata",
    () => {
      const { videoWidth, videoHeight, duration } = element;
      const size = videoWidth > 0 ? `${videoWidth}×${videoHeight}` : "audio";
      tell([{ size, bitsPerSecond: Number.isFinite(duration) ? (bytes * 8) / duration : 0 }]);
    },
    { signal },
  );
  element.src = url;
};
