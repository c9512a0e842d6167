import Hls from "hls.js";
import type { StartPlayer } from "./player.ts";

/** By hls.js, or by the browser itself where that has no Media Source Extensions. */
export const start: StartPlayer = ({ element, url, tell, fail, signal }) => {
  element.addEventListener("error", fail, { signal });
  if (!Hls.isSupported()) {
    element.src = url;
    return;
  }
  // Its worker would come from a blob, which this page's policy forbids.
  const hls = new Hls({ enableWorker: false });
  hls.on(Hls.Events.MANIFEST_PARSED, (_, { levels }) =>
    tell(levels.map(({ width, height, bitrate }) => ({ size: `${width}×${height}`, bitsPerSecond: bitrate }))),
  );
  hls.on(Hls.Events.ERROR, (_, { fatal }) => fatal && fail());
  hls.loadSource(url);
  hls.attachMedia(element);
  signal.addEventListener("abort", () => hls.destroy(), { once: true });
};
