/** How all sounds of an output are encoded while its pictures are, to be put beside them later. */
export type SoundPlan = {
  /** Everything after `ffmpeg`, which writes `soundFile` in the folder that it runs in. */
  args: readonly string[];
  /** The sounds of the output, in their order: the number of each in that file, and of the file of the output it is in. */
  heard: readonly { sound: number; output: number }[];
};

export const soundFile = "sound.mp4";
