import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { makeDir, tiny } from "#tests/integration/ffmpeg/work.ts";
import { clip, runFfmpeg } from "#tests/support/clips.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import type { Running, Spawn } from "#worker/ffmpeg/run.ts";
import { plan } from "#worker/plan/decide.ts";
import { ways } from "./start.ts";

const MiB = 2 ** 20;
const signal = new AbortController().signal;

/** Looks at the peak of the memory of what it starts, and of its children, as long as that runs. */
function measured(spawn: Spawn) {
  let peak = 0;
  const look = ({ pid }: Running) => {
    for (const one of [pid, ...childrenOf(pid)]) peak = Math.max(peak, peakOf(one));
  };
  return {
    peakBytes: () => peak,
    spawn(command: Parameters<Spawn>[0]) {
      const running = spawn(command);
      const timer = setInterval(look, 5, running);
      void running.ended.finally(() => clearInterval(timer));
      return running;
    },
  };
}

const textOf = (path: string) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};
const childrenOf = (pid: number) => textOf(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
const peakOf = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1_024;

async function made(name: string, args: readonly string[]) {
  const path = join(await makeDir(), name);
  await runFfmpeg([...args, path]);
  return path;
}

const atom = (name: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(name, 4, "latin1");
  return Buffer.concat([head, body]);
};

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** An mp4 of 1 MB whose compressed index unfolds to a gigabyte. */
async function unfolding() {
  const size = 1_024 * MiB;
  const index = Buffer.alloc(size);
  index.writeUInt32BE(size, 0);
  index.write("moov", 4, "latin1");
  index.writeUInt32BE(size - 8, 8);
  index.write("free", 12, "latin1");
  const packed = atom("cmvd", uint32(size), deflateSync(index, { level: 1 }));
  const path = join(await makeDir(), "film.mp4");
  const moov = atom("moov", atom("cmov", atom("dcom", Buffer.from("zlib")), packed));
  await Bun.write(path, Buffer.concat([atom("ftyp", Buffer.from("qt  \0\0\0\0qt  ", "latin1")), moov]));
  return path;
}

/** A PNG that says it is larger than any screen, in an mp4 as its only picture. */
async function hugePicture() {
  const chunk = (name: string, content: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
    return Buffer.concat([uint32(content.length), body, uint32(crc32(body))]);
  };
  const header = Buffer.concat([uint32(30_000), uint32(30_000), Buffer.from([8, 2, 0, 0, 0])]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = chunk("IDAT", deflateSync(Buffer.alloc(30_000)));
  const png = join(await makeDir(), "huge.png");
  await Bun.write(png, Buffer.concat([signature, chunk("IHDR", header), pixels, chunk("IEND", Buffer.alloc(0))]));
  return png;
}

const sine = ["-f", "lavfi", "-i", "sine=duration=0.1", "-c:a", "pcm_s16le"];
const bombs: [string, () => Promise<string>][] = [
  ["a picture of 67 megapixels and more", () => clip({ size: "8200x8200", rate: 1, seconds: 1, channels: 0 })],
  ["a picture that only says that it is huge", hugePicture],
  ["more streams than anyone needs", () => made("many.mov", [...sine, ...Array(200).fill(["-map", "0"]).flat()])],
  ["an index that unfolds to a gigabyte", unfolding],
];

describe.each(ways)("%s", (_, spawn) => {
  test.each(bombs)("%s is refused as a source, within its limits", async (_, make) => {
    const { peakBytes, ...tools } = measured(spawn);
    const looking = probe(await make(), { signal, timeoutMs: 20_000, ...tools });
    await expect(looking).rejects.toMatchObject({ kind: "source_failed" });
    expect(peakBytes()).toBeLessThan(700 * MiB);
  });

  test("timestamps that jump by hours end with the deadline, though ffmpeg does not listen", async () => {
    const input = await clip({ gapSeconds: 36_000, container: "mkv", channels: 0 });
    const { peakBytes, ...tools } = measured(spawn);
    const { probe: found } = await probe(input, { signal, ...tools });
    const planned = plan(tiny, found, { input, outputDir: await makeDir(), stem: "film" });
    const deadline = new AbortController();
    const reading: Spawn = (command) => tools.spawn({ ...command, reads: [input] });
    const ticks = encode(planned, { signal: deadline.signal, stallMs: 60_000, graceMs: 300, spawn: reading });
    await ticks.next();
    deadline.abort(new Error("out of time"));
    await expect(Array.fromAsync(ticks)).rejects.toThrow("out of time");
    expect(peakBytes()).toBeLessThan(700 * MiB);
  });
});
