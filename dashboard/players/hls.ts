import Hls from "hls.js";
import type { StartPlayer } from "./player.ts";

/** Plays HLS with hls.js, or natively where the browser has no Media Source Extensions. */
export const start: StartPlayer = ({ element, url, isPreview = false, onRenditions, onFailure, signal }) => {
  element.addEventListener("error", onFailure, { signal });
  if (!Hls.isSupported()) {
    element.src = url;
    return;
  }
  // hls.js loads its web worker from a blob, which the Content-Security-Policy of this page forbids.
  const hls = new Hls({ enableWorker: false, ...(isPreview && { startLevel: 0, maxBufferLength: 1 }) });
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) => {
    // Levels are in the order of their bit rates.
    if (isPreview) hls.loadLevel = 0;
    // A playlist that no master names tells neither.
    onRenditions(
      levels.flatMap(({ width, height, bitrate }) =>
        width > 0 ? [{ size: `${width}×${height}`, bitsPerSecond: bitrate }] : [],
      ),
    );
  });
  hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && onFailure());
  hls.loadSource(url);
  hls.attachMedia(element);
  signal.addEventListener("abort", () => hls.destroy(), { once: true });
};
