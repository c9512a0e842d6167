import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tiny } from "#tests/integration/ffmpeg/work.ts";
import { clip } from "#tests/support/clips.ts";
import { eventually } from "#tests/support/service.ts";
import { probeCapabilities } from "#worker/ffmpeg/capabilities.ts";
import { encode } from "#worker/ffmpeg/encode.ts";
import { probe } from "#worker/ffmpeg/probe.ts";
import type { Access } from "#worker/ffmpeg/run.ts";
import { plan } from "#worker/plan/decide.ts";
import type { Preset } from "#worker/presets/schema.ts";
import { makeMeter } from "#worker/receipt/meter.ts";
import { inspectOutputs } from "#worker/verify/inspect.ts";
import { verify } from "#worker/verify/verify.ts";
import { confined, isConfined } from "./start.ts";

const { spawn } = confined;
const signal = new AbortController().signal;
const home = await realpath(await mkdtemp(join(tmpdir(), "flux-sandbox-")));
afterAll(() => rm(home, { recursive: true, force: true }));
const makeDir = () => mkdtemp(join(home, "out-"));

/** What a shell in the sandbox says. */
async function said(script: string, access: Access = {}) {
  await using process = spawn({ argv: ["sh", "-c", `exec 2>&1; ${script}`], signal, ...access });
  return (await new Response(process.stdout).text()).trim();
}

const preset = (codec: "h264" | "h265" | "vp9" | "av1"): Preset => ({ ...tiny, video: { ...tiny.video, codec } });

const longEncode = (outputDir: string) =>
  [
    "ffmpeg",
    "-v",
    "error",
    "-nostdin",
    "-re",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=128x72",
    join(outputDir, "o.mp4"),
  ] as const;

const childOf = (pid: number) => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
const isGone = (pid: number) => {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
};

describe.skipIf(!isConfined)("in the sandbox", () => {
  test.each(["h264", "h265", "vp9", "av1"] as const)("%s is encoded and verified as outside", async (codec) => {
    const [input, outputDir] = [await clip(), await makeDir()];
    const probed = await probe(input, { signal, spawn });
    const planned = plan(
      preset(codec),
      probed,
      { input, outputDir, stem: "film" },
      await probeCapabilities().capabilities,
    );
    const logFile = join(outputDir, "..", `${codec}.log`);
    const meter = makeMeter();
    const reading = meter.spawn((command) => spawn({ ...command, reads: [input] }));
    await Array.fromAsync(encode(planned, { signal, stallMs: 60_000, spawn: reading, logFile }));
    verify(planned, await inspectOutputs(planned, outputDir, signal, { spawn }));
    expect(meter.usage().cpuSeconds).toBeGreaterThan(0.01);
    expect(meter.usage().peakMemory).toBeGreaterThan(20 * 2 ** 20);
    expect(await Bun.file(logFile).text()).not.toContain("No thread pool");
  });

  test("there is nothing to read but programs and what was asked for", async () => {
    const [secret, source] = [join(home, "secret"), join(home, "source")];
    await Bun.write(secret, "a secret");
    await Bun.write(source, "the source");
    expect(await said(`cat ${source}`, { reads: [source] })).toBe("the source");
    expect(await said(`cat ${secret}; true`, { reads: [source] })).toContain("No such file");
    expect(await said("ls /", { reads: [source] })).not.toMatch(/home|proc|root|work/);
    expect(await said("cat /etc/passwd; true")).toContain("No such file");
    expect(await said("ls /tmp")).toBe("");
  });

  test("there is nothing to write but the output", async () => {
    const dir = await makeDir();
    const source = join(home, "read-only");
    await Bun.write(source, "as it was");
    const access = { reads: [source], writes: [dir] };
    expect(await said(`echo more >> ${source}; true`, access)).toContain("Read-only file system");
    expect(await said("echo x > /usr/x; echo x > /x; true", access)).toMatch(/(.*Read-only file system\s*){2}/);
    expect(await said(`echo fine > ${dir}/out; echo gone > /tmp/x; cat ${dir}/out`, access)).toBe("fine");
    expect(await Bun.file(source).text()).toBe("as it was");
    expect(await readdir(dir)).toEqual(["out"]);
  });

  test("there is no network, not even the way to this machine", async () => {
    let asked = 0;
    await using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(String(++asked)) });
    const ask = (url: string) => said(`ffmpeg -v error -i ${url} -f null -; true`);
    expect(await ask(String(server.url))).toContain("Connection refused");
    expect(await ask("http://192.0.2.1/")).toContain("Network is unreachable");
    expect(asked).toBe(0);
  });

  test("there are no privileges and no namespaces to gain them in", async () => {
    const refused = /not permitted|No space left/;
    expect(await said("unshare --user true; true")).toMatch(refused);
    expect(await said("unshare --mount true; true")).toMatch(refused);
  });

  test("an abort kills ffmpeg at once, and takes the sandbox with it", async () => {
    const dir = await makeDir();
    const controller = new AbortController();
    await using process = spawn({ argv: longEncode(dir), writes: [dir], signal: controller.signal });
    await eventually(async () => (await readdir(dir)).length > 0, "ffmpeg writes");
    const ffmpeg = childOf(process.pid);
    controller.abort();
    expect(await process.ended).toMatchObject({ exitCode: null, signalCode: "SIGKILL" });
    expect([process.pid, ffmpeg].map(isGone)).toEqual([true, true]);
  });

  test("a signal that kills ffmpeg is told", async () => {
    const dir = await makeDir();
    await using running = spawn({ argv: longEncode(dir), writes: [dir], signal });
    await eventually(async () => (await readdir(dir)).length > 0, "ffmpeg writes");
    process.kill(childOf(running.pid), "SIGKILL");
    expect(await running.ended).toMatchObject({ exitCode: null, signalCode: "SIGKILL", ranOutOfMemory: false });
  });

  test("what ffmpeg leaves that is no file is not looked at", async () => {
    const [input, outputDir] = [await clip(), await makeDir()];
    const found = await probe(input, { signal, spawn });
    const planned = plan(
      preset("h264"),
      found,
      { input, outputDir, stem: "film" },
      await probeCapabilities().capabilities,
    );
    await said(`ln -s /etc/passwd ${outputDir}/${planned.entry}`, { writes: [outputDir] });
    expect(await inspectOutputs(planned, outputDir, signal, { spawn })).toEqual([]);
  });
});
