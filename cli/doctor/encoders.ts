import { type Finding, fault, ok } from "#cli/finding.ts";
import { purposeOf } from "#worker/ffmpeg/disposition.ts";
import type { Probe } from "#worker/ffmpeg/media.ts";
import { plan } from "#worker/plan/decide.ts";
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

/** Those that the planner chooses for an ordinary source. */
function encodersOf(preset: Preset): { name: string; isAudio: boolean }[] {
  const { args } = plan(preset, ordinary, place);
  return args.flatMap((name, at) => {
    const stream = encoderOption.exec(args[at - 1] ?? "")?.[1];
    return stream && name !== "copy" ? [{ name, isAudio: stream === "a" }] : [];
  });
}

const encoderOption = /^-(?:c|codec):([av])/;

const place = { input: "/source", outputDir: "/out", stem: "out", keyInfoFile: "/key" };
const ordinary: Probe = {
  format: "mov",
  durationSeconds: 10,
  video: {
    index: 0,
    codec: "h264",
    width: 1_920,
    height: 1_080,
    sampleAspect: 1,
    rotation: 0,
    pixelFormat: "yuv420p",
    transfer: undefined,
    interlaced: false,
    averageRate: 24,
    nominalRate: 24,
    frames: 240,
    ...purposeOf({}),
  },
  audio: [{ index: 1, codec: "aac", channels: 2, language: undefined, ...purposeOf({}) }],
  subtitles: [],
};

const picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=24", "-frames:v", "1", "-pix_fmt", "yuv420p"];
const sound = ["-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", "0.1"];

async function encodes(encoder: string, isAudio: boolean): Promise<boolean> {
  const codec = isAudio ? [...sound, "-c:a", encoder] : [...picture, "-c:v", encoder];
  const ffmpeg = Bun.spawn(["ffmpeg", "-v", "error", "-nostdin", ...codec, "-f", "null", "-"], {
    stdio: ["ignore", "ignore", "ignore"],
    timeout: 20_000,
  });
  return (await ffmpeg.exited) === 0;
}
