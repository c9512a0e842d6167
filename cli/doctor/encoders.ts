import { type Finding, fault, ok } from "#cli/finding.ts";
import { encodersOf } from "#worker/plan/encoders-of.ts";
import type { Preset } from "#worker/presets/schema.ts";

/** Encodes one frame with every encoder that the presets use. */
export async function* tryEncoders(presets: readonly Preset[]): AsyncGenerator<Finding> {
  const uses = presets.flatMap((preset) => encodersOf(preset).map((encoder) => ({ ...encoder, preset: preset.name })));
  const working: string[] = [];
  for (const [name, users] of Map.groupBy(uses, (use) => use.name)) {
    const isAudio = users.some((use) => use.isAudio);
    if (await encodes(name, isAudio)) working.push(name);
    else {
      const names = users.map(({ preset }) => preset).join(", ");
      const advice = `install an ffmpeg with ${name}, or do without ${names}`;
      yield { check: "encoder", ...fault(`${name} does not work in this ffmpeg`, advice) };
    }
  }
  yield { check: "encoders", ...ok(`${working.join(", ")} encode a frame`) };
}

const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24", "-frames:v", "1"];
const sound = ["-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", "0.1"];

// ffmpeg 6.1 and 7.0 make JPEGs of the full range alone.
const pixelFormatFor = (encoder: string) => (encoder === "mjpeg" ? "yuvj420p" : "yuv420p");

async function encodes(encoder: string, isAudio: boolean): Promise<boolean> {
  const codec = isAudio
    ? [...sound, "-c:a", encoder]
    : [...picture, "-pix_fmt", pixelFormatFor(encoder), "-c:v", encoder];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-nostdin", ...codec, "-f", "null", "-"], {
    stdio: ["ignore", "ignore", "ignore"],
    timeout: 20_000,
  });
  return (await ffmpeg.exited) === 0;
}
