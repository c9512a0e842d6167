import { Fault } from "#shared/fault.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import type { RawPreset } from "#worker/presets/raw-preset.ts";
import { withAudioGroup, withoutAudio } from "#worker/presets/stream-map.ts";

/** The value of an option; where it is given more than once, ffmpeg takes the last. */
export function lastValue(args: readonly string[], option: string): string | undefined {
  const at = args.lastIndexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

/** A preset's own arguments for this source, with a stream map that ffmpeg takes. */
export function argsFor(preset: RawPreset, { audio }: Probe): string[] {
  const args = preset.ffmpeg_args;
  if (audio.length === 0) checkAudioFree(preset);
  const fitting = audio.length === 0 ? withoutAudio : withAudioGroup;
  return args.map((arg, at) => (args[at - 1] === "-var_stream_map" ? fitting(arg) : arg));
}

function checkAudioFree({ name, ffmpeg_args: args }: RawPreset): void {
  const needed = args.find((arg, at) => args[at - 1] === "-map" && /^(0:)?a(:\d+)?$/.test(arg));
  if (needed) {
    const way = `write -map ${needed}? for sources without`;
    throw new Fault("source_failed", `the source has no audio, and preset ${name} maps ${needed}; ${way}`);
  }
  if (args.some((arg) => /\[0:a(:\d+)?\]/.test(arg))) {
    throw new Fault("source_failed", `the source has no audio, and preset ${name} filters some`);
  }
}
