import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFfmpeg } from "./clips.ts";

/** How long the picture is white and the sound is loud at each whole second. */
const flashFrames = 3;
const beepSeconds = 0.1;

/** A clip that shows lip sync: at each whole second the picture is white for three frames, and the sound is 1 kHz. */
export async function flashClip({ rate, seconds }: { rate: string; seconds: number }): Promise<string> {
  const [over = 25, under = 1] = rate.split("/").map(Number);
  const flash = `drawbox=c=white:t=fill:enable='lt(mod(t+0.0001,1),${(flashFrames * under) / over})'`;
  const beep = `aevalsrc=exprs='0.5*sin(2*PI*1000*t)*lt(mod(t,1),${beepSeconds})':s=48000:d=${seconds}`;
  const args = [
    ...["-f", "lavfi", "-i", `color=c=black:s=160x90:r=${rate}:d=${seconds},${flash}`, "-f", "lavfi", "-i", beep],
    ...["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "flac"],
  ];
  const dir = join(tmpdir(), "flux-encoder-clips");
  const path = join(dir, `${createHash("sha256").update(args.join(" ")).digest("hex").slice(0, 16)}.mkv`);
  if (await Bun.file(path).exists()) return path;
  await mkdir(dir, { recursive: true });
  const unfinished = join(dir, `${randomUUID()}.mkv`);
  await runFfmpeg([...args, unfinished]);
  await rename(unfinished, path);
  return path;
}
