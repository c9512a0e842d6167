import { MediaPlayer } from "dashjs";
import type { StartPlayer } from "./player.ts";

export const start: StartPlayer = ({ element, url, isPreview = false, onRenditions, onFailure, signal }) => {
  const player = MediaPlayer().create();
  player.on(MediaPlayer.events.ERROR, onFailure);
  player.on(MediaPlayer.events.STREAM_INITIALIZED, () =>
    onRenditions(
      player
        .getRepresentationsByType("video")
        .map(({ width, height, bandwidth }) => ({ size: `${width}×${height}`, bitsPerSecond: bandwidth })),
    ),
  );
  if (isPreview)
    player.updateSettings({
      streaming: {
        abr: { initialBitrate: { video: 0 }, autoSwitchBitrate: { video: false } },
        buffer: { bufferTimeDefault: 1, initialBufferLevel: 0 },
      },
    });
  player.initialize(element, url, false);
  signal.addEventListener("abort", () => player.destroy(), { once: true });
};
