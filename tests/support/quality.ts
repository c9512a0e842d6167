import { test } from "bun:test";
import type { Metric } from "#shared/job/metric.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";

/** What the ffmpeg of these tests can measure: Debian's has no libvmaf, and the newer one that they run on as well has it. */
export const measurable = async (): Promise<readonly Metric[]> => {
  const ffmpeg = await probeCapabilities().capabilities;
  return ffmpeg.has("filter:libvmaf") ? ["ssim", "vmaf"] : ["ssim"];
};

const hasVmaf = (await measurable()).includes("vmaf");

/** Defines a test of what needs libvmaf; none where ffmpeg has none, as Debian's. `bun run test:newer` has one with it. */
export function testWithVmaf(name: string, run: () => Promise<unknown>) {
  if (hasVmaf) test(name, run);
}

/** Defines a test of what an ffmpeg without libvmaf cannot do. */
export function testWithoutVmaf(name: string, run: () => Promise<unknown>) {
  if (!hasVmaf) test(name, run);
}

/** The mean that ffmpeg prints for a file against its source, whose pictures these filters prepare. */
export async function scoreByHand(metric: Metric, file: string, source: string, filters: string): Promise<number> {
  const compare = { vmaf: "libvmaf", ssim: "ssim" }[metric];
  const graph = `[1:v]${filters}[source];[0:v]setpts=PTS-STARTPTS[encoded];[encoded][source]${compare}`;
  const ffmpeg = Bun.spawn(
    ["ffmpeg", "-nostdin", "-hide_banner", "-i", file, "-i", source, "-lavfi", graph, "-f", "null", "-"],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const said = await ffmpeg.stderr.text();
  const [, score] = { vmaf: /VMAF score: ([\d.]+)/, ssim: /SSIM .* All:([\d.]+)/ }[metric].exec(said) ?? [];
  return Number(score);
}
