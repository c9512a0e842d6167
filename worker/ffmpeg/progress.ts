/** How far an encode is: frames and seconds written, frames a second, seconds of video a second. */
export type Tick = { frame: number; seconds: number; fps: number; speed: number };

/** Groups the key=value lines of `ffmpeg -progress` into one tick per report. */
export async function* ticks(lines: AsyncIterable<string>): AsyncGenerator<Tick> {
  let report = new Map<string, string>();
  for await (const line of lines) {
    const at = line.indexOf("=");
    if (at < 0) continue;
    report.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    if (!line.startsWith("progress=")) continue;
    yield {
      frame: numberIn(report, "frame"),
      seconds: numberIn(report, "out_time_us") / 1_000_000,
      fps: numberIn(report, "fps"),
      speed: numberIn(report, "speed"),
    };
    report = new Map();
  }
}

// ffmpeg writes N/A or a negative time until the first packet is muxed, and "1.5x" for speed.
const numberIn = (report: Map<string, string>, key: string) =>
  Math.max(0, Number.parseFloat(report.get(key) ?? "") || 0);

/** From 0 to 100; 0 while the duration is unknown. */
export const percent = (seconds: number, durationSeconds: number | undefined) =>
  durationSeconds ? Math.min(100, (seconds / durationSeconds) * 100) : 0;

/** Whole seconds until the encode ends; undefined while nothing tells. */
export const etaSeconds = (seconds: number, durationSeconds: number | undefined, speed: number) =>
  durationSeconds && speed > 0 ? Math.ceil(Math.max(0, durationSeconds - seconds) / speed) : undefined;
