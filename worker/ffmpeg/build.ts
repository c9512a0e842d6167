import { createHash } from "node:crypto";
import type { Capabilities } from "./capabilities.ts";
import { makeReport } from "./encode-report.ts";
import { said } from "./said.ts";

/** The libraries of encoders that presets use, which a distribution renews without renewing ffmpeg. */
const encoders = [
  ["libx264", ["-flags", "+global_header"]],
  ["libx265", ["-x265-params", "pools=none"]],
  ["libsvtav1", []],
  ["libvpx-vp9", []],
] as const;

/** Names what encodes on this machine: see `buildIn`. Rejects where ffmpeg does not tell. */
export async function buildOf(ffmpeg: Pick<Capabilities, "has">): Promise<string> {
  const picture = ["-f", "lavfi", "-i", "color=size=64x64:rate=1:duration=1"];
  const tried = encoders.filter(([name]) => ffmpeg.has(`encoder:${name}`));
  const outputs = tried.flatMap(([name, options]) => ["-map", "0", "-c:v", name, ...options, "-f", "null", "-"]);
  const args = ["-nostdin", "-v", "level+verbose", ...picture, ...outputs];
  return buildIn(await said("ffmpeg", args, { isUnhurried: true }), process.arch);
}

/**
 * Names what has encoded, by what it says of itself: ffmpeg's version and configuration, its own libraries, those of its
 * encoders, and the architecture. Machines that have the same name for it make the same of the same pictures.
 */
export function buildIn(text: string, architecture: string): string {
  const lines = text.split("\n");
  const { onLine, report } = makeReport();
  for (const line of lines) onLine(line);
  const banner = lines.filter((line) => bannerLine.test(line));
  const about = JSON.stringify([architecture, banner, Object.entries(report().libraries ?? {}).sort()]);
  return createHash("sha256").update(about).digest("hex").slice(0, 16);
}

const bannerLine = /\b(?:ffmpeg version|built with|configuration:|lib(?:av|sw|post)\w+ +\d)/;
