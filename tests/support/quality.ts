import type { Metric } from "#shared/job/metric.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";

/** What the ffmpeg of these tests can measure: Debian's has no libvmaf, and the newer one that they run on as well has it. */
export const measurable = async (): Promise<readonly Metric[]> => {
  const ffmpeg = await probeCapabilities().capabilities;
  return ffmpeg.has("filter:libvmaf") ? ["ssim", "vmaf"] : ["ssim"];
};

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
