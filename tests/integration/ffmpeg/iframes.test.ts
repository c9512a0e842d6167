import { expect, test } from "bun:test";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { segmentedShapes } from "#tests/support/presets/shapes.ts";
import { makeDir, makeOutput } from "./work.ts";

/** The pictures of a file as hashes, in the order in which they are shown. */
async function picturesOf(file: string): Promise<string[]> {
  const args = ["-v", "error", "-i", file, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"];
  const ffmpeg = Bun.spawn(["ffmpeg", ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const text = await new Response(ffmpeg.stdout).text();
  return text.split("\n").flatMap((line) => (/^\d/.test(line) ? (line.split(",").at(-1) ?? "").trim() : []));
}

test.each(["hls_ts", "hls_fmp4", "cmaf"])(
  "%s lists the first picture of each segment, whole and alone",
  async (name) => {
    const preset = segmentedShapes.find((shape) => shape.name === name);
    if (!preset) throw new Error(`no preset ${name}`);
    // Groups of pictures are shorter than segments.
    const { dir, files } = await makeOutput(await clip({ seconds: 5 }), preset);
    const lists = files.filter((file) => file.name.endsWith("_iframes.m3u8"));
    expect(lists.length).toBe(2);
    for (const { name: list, text = "" } of lists) {
      const shown = await picturesOf(join(dir, list.replace("_iframes", "")));
      const init = /URI="([^"]+)"/.exec(text)?.[1];
      const parts = [...text.matchAll(/BYTERANGE:(\d+)@0\n(.*)/g)];
      expect(parts.length).toBe(3);
      for (const [at, [, length, segment = ""]] of parts.entries()) {
        const bytes = await Bun.file(join(dir, segment)).bytes();
        const head = init === undefined ? new Uint8Array() : await Bun.file(join(dir, init)).bytes();
        const alone = join(await makeDir(), "alone");
        await Bun.write(alone, Buffer.concat([head, bytes.subarray(0, Number(length))]));
        expect(await picturesOf(alone)).toEqual([shown[at * 48] ?? "none"]);
      }
    }
  },
);

test("what is encrypted, or has no master playlist, has no playlist of keyframes", async () => {
  const preset = segmentedShapes.find(({ name }) => name === "hls_ts");
  if (!preset) throw new Error("no preset");
  const encrypted = { ...preset, segments: { ...preset.segments, encryption: "aes-128" } } as const;
  const { files } = await makeOutput(await clip({ seconds: 2 }), encrypted);
  expect(files.filter(({ name, text = "" }) => name.includes("iframes") || text.includes("I-FRAME"))).toEqual([]);
});
