import type { SoundOrder } from "#shared/job/sound-order.ts";

/** The settings of a preset that makes sound with what an order says of it. */
export const withSound = <S extends { audio?: object }>({ tracks, channels }: SoundOrder = {}, settings: S): S => ({
  ...settings,
  ...(settings.audio && {
    audio: {
      ...settings.audio,
      ...(tracks && { tracks }),
      ...(channels && { channels: counts[channels] }),
    },
  }),
});

const counts = { mono: 1, stereo: 2, source: "source" } as const;
