import { MediaPlayer } from "dashjs";
import type { StartPlayer } from "./player.ts";

export const start: StartPlayer = ({ element, url, tell, fail, signal }) => {
  const player = MediaPlayer().create();
  player.on(MediaPlayer.events.ERROR, fail);
  player.on(MediaPlayer.events.STREAM_INITIALIZED, () =>
    tell(
      player
        .getRepresentationsByType("video")
        .map(({ width, height, bandwidth }) => ({ size: `${width}×${height}`, bitsPerSecond: bandwidth })),
    ),
  );
  player.initialize(element, url, false);
  signal.addEventListener("abort", () => player.destroy(), { once: true });
};
