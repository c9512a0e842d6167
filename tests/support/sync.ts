/** When flashes and beeps of a recording begin, in seconds, as a player that heeds all timestamps would show them. */
export type Onsets = { flashes: number[]; beeps: number[] };

/** The most by which a flash and the beep that belongs to it are apart, in seconds; infinite where one has no partner. */
export function distance({ flashes, beeps }: Onsets): number {
  const apart = (from: readonly number[], to: readonly number[]) =>
    from.map((time) => Math.min(...to.map((other) => Math.abs(other - time))));
  return Math.max(...apart(flashes, beeps), ...apart(beeps, flashes));
}

const read = ["-v", "error", "-copyts", "-allowed_extensions", "ALL"];

async function outputOf(...args: readonly string[]) {
  const ffmpeg = Bun.spawn(["ffmpeg", "-hide_banner", "-nostdin", ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const bytes = await new Response(ffmpeg.stdout).bytes();
  await ffmpeg.exited;
  return bytes;
}

const optionsFor = (entry: string) => (entry.endsWith(".m3u8") ? read : read.slice(0, 3));

/** A decoded picture: when it is shown, and how light its middle is (0 to 255). */
export type ShownPicture = { seconds: number; light: number };

export async function picturesIn(entry: string): Promise<ShownPicture[]> {
  const filters = "crop=iw/4:ih/4,signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=-";
  const bytes = await outputOf(...optionsFor(entry), "-i", entry, "-map", "0:v:0", "-vf", filters, "-f", "null", "-");
  const text = new TextDecoder().decode(bytes);
  const frames = [...text.matchAll(/pts_time:(\S+)\s+lavfi.signalstats.YAVG=(\S+)/g)];
  return frames.map(([, seconds, light]) => ({ seconds: Number(seconds), light: Number(light) }));
}

export const flashesOf = (pictures: readonly ShownPicture[]) =>
  rising(pictures.map(({ seconds, light }) => ({ seconds, isOn: light > 120 })));

const rate = 48_000;
const window = 48;

/** When beeps begin in the decoded sound, and when it ends. */
export async function soundIn(entry: string, stream = "0:a:0?"): Promise<{ beeps: number[]; endSeconds: number }> {
  const filters = `aresample=${rate}:async=1:first_pts=0,aformat=sample_fmts=flt:channel_layouts=mono`;
  const bytes = await outputOf(...optionsFor(entry), "-i", entry, "-map", stream, "-af", filters, "-f", "f32le", "-");
  const samples = new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  const loud = Array.from({ length: Math.floor(samples.length / window) }, (_, at) => ({
    seconds: (at * window) / rate,
    isOn: samples.subarray(at * window, (at + 1) * window).some((sample) => Math.abs(sample) > 0.08),
  }));
  return { beeps: rising(loud, 0.03), endSeconds: samples.length / rate };
}

/** When something begins that was off for a while before. */
function rising(states: readonly { seconds: number; isOn: boolean }[], quietSeconds = 0): number[] {
  const onsets: number[] = [];
  let lastOn = Number.NEGATIVE_INFINITY;
  let wasOn = false;
  for (const { seconds, isOn } of states) {
    if (isOn && !wasOn && seconds - lastOn > quietSeconds) onsets.push(seconds);
    if (isOn) lastOn = seconds;
    wasOn = isOn;
  }
  return onsets;
}
