import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { said } from "#worker/ffmpeg/said.ts";
import { textFilter } from "#worker/plan/burned.ts";
import { lettersScript } from "./check-letters.ts";

/**
 * Whether ffmpeg draws text, by trying: without fonts, or what says where they are, nothing is drawn, and it ends as if all
 * were well.
 */
export async function drawsText(how?: Parameters<typeof said>[2]): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), "flux-text-"));
  // Who ends meanwhile leaves nothing behind.
  const remove = () => rmSync(dir, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const script = join(dir, "text.ass");
    await Bun.write(script, lettersScript([..."FLUX"]));
    const drawn = `color=s=128x72:r=1:d=1,${textFilter(script)},blackframe=amount=0:threshold=64`;
    return /pblack:(?!100 )/.test(
      await said("ffmpeg", ["-nostdin", "-f", "lavfi", "-i", drawn, "-f", "null", "-"], how),
    );
  } catch {
    return false;
  } finally {
    process.off("exit", remove);
    await rm(dir, { recursive: true, force: true });
  }
}
