import { type Finding, fault, ok, type Verdict, warning } from "#cli/finding.ts";
import type { Env } from "#shared/env.ts";
import { toFault } from "#shared/fault.ts";
import { askVersion, type Capabilities, drawnText, probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { vmafCapability } from "#worker/quality/check-metric.ts";
import { vmafModel } from "#worker/quality/filters.ts";
import { engines } from "../../package.json";

export function checkBun(version: string): Verdict {
  if (version === engines.bun) return ok(version);
  return warning(`${version} is not the tested ${engines.bun}`, "run scripts/setup, or use the built executables");
}

/** Whether ffmpeg or ffprobe is there, starts, and is not too old for a worker. */
export async function checkProgram(program: "ffmpeg" | "ffprobe", { PATH = "" }: Env): Promise<Verdict> {
  const path = Bun.which(program, { PATH });
  if (!path) return fault("not found on PATH", "install ffmpeg (apt-get install ffmpeg, or brew install ffmpeg)");
  try {
    return ok((await askVersion(program)).text);
  } catch (error) {
    const { message } = toFault(error);
    return fault(message, `it is ${path}`);
  }
}

const starts = 5;

/** From here on a job of seconds waits longer for its processes to start than for its encode. */
const slowStartMs = 30;

/** How long it takes to start ffprobe, of which every job starts several, and as many ffmpegs. */
export async function checkStart(): Promise<Verdict> {
  const times: { ms: number; cpuMs: number }[] = [];
  for (let round = 0; round < starts; round += 1) {
    const began = performance.now();
    const child = Bun.spawn(["ffprobe", "-version"], { stdio: ["ignore", "ignore", "ignore"] });
    await child.exited;
    times.push({ ms: performance.now() - began, cpuMs: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1_000 });
  }
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const found = `ffprobe -version takes ${middle(times.map(({ ms }) => ms)).toFixed(0)} ms`;
  // By its own time: whatever else this machine does now makes no program slow.
  if (middle(times.map(({ cpuMs }) => cpuMs)) < slowStartMs) return ok(found);
  return warning(
    `${found}, most of it to load its libraries: short jobs take longer for it`,
    "for many of them install an ffmpeg with few or static libraries (docs/operations.md#short-jobs)",
  );
}

/** What not every ffmpeg is built with: one of each row is enough, and this is what jobs cannot do without them. */
const optional = [
  { kind: "filter", names: ["zscale"], cost: "HDR sources are refused", remedy: "libzimg" },
  { kind: "filter", names: ["tonemap"], cost: "HDR sources are refused", remedy: "its filter tonemap" },
  {
    kind: "encoder",
    names: ["libx265:yuv420p10le"],
    cost: "HDR cannot be kept in H.265",
    remedy: "an x265 of 10 bits",
  },
  { kind: "decoder", names: ["libdav1d", "libaom-av1"], cost: "AV1 sources cannot be decoded", remedy: "libdav1d" },
] as const;

/** By what the quality of outputs can be measured. */
function checkMetrics(ffmpeg: Capabilities): Verdict {
  if (ffmpeg.has(vmafCapability)) return ok("vmaf and ssim can be measured");
  const lacking = `this ffmpeg has no libvmaf with the model ${vmafModel}: ssim alone can be measured`;
  return warning(lacking, "for vmaf install one that is built with libvmaf");
}

/** Whether text can be drawn into films. */
const checkText = (ffmpeg: Capabilities): Verdict =>
  ffmpeg.has(drawnText)
    ? ok("subtitles can be burned in")
    : warning(
        "this ffmpeg draws no text: subtitles cannot be burned in",
        "install one that is built with libass, and fonts with fontconfig",
      );

/** What an ffmpeg lacks besides encoders, by what it costs. */
export async function* checkOptional(): AsyncGenerator<Finding> {
  const ffmpeg = await probeCapabilities().capabilities;
  for (const { kind, names, cost, remedy } of optional) {
    if (names.some((name) => ffmpeg.has(`${kind}:${name}`))) continue;
    const lacking = `this ffmpeg has no ${names.join(" and no ")}: ${cost}`;
    yield { check: kind, ...warning(lacking, `install one that is built with ${remedy}`) };
  }
  yield { check: "quality", ...checkMetrics(ffmpeg) };
  yield { check: "text", ...checkText(ffmpeg) };
}
