import { expect, test } from "bun:test";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Shell, scripts } from "#cli/completion/scripts.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const root = join(import.meta.dir, "../..");
const bash = toolPath("bash");
const zsh = toolPath("zsh");

/** A folder with `flux` on its PATH, and whatever else is asked for. */
async function homeWithFlux(env: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const flux = join(folder.path, "bin/flux");
  await Bun.write(flux, `#!/bin/sh\nexec ${process.execPath} ${root}/cli/main.ts "$@"\n`);
  await chmod(flux, 0o755);
  const PATH = `${join(folder.path, "bin")}:${process.env["PATH"]}`;
  /** What bash offers when Tab is pressed behind these words. */
  const offered = async (...words: string[]) => {
    const list = words.map((word) => `'${word}'`).join(" ");
    const script = `source <(flux completion bash) && COMP_WORDS=(flux ${list}) COMP_CWORD=${words.length}
      compopt() { :; }; _flux; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const shell = Bun.spawn([bash ?? "bash", "--norc", "-c", script], {
      cwd: folder.path,
      env: { PATH, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return (await shell.stdout.text()).split("\n").filter(Boolean);
  };
  return { path: folder.path, offered, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test("bash completes commands, options, choices, presets, files and folders", async () => {
  await using home = await homeWithFlux();
  await mkdir(join(home.path, "clips"));
  await Bun.write(join(home.path, "clip one.mp4"), "");
  expect(await home.offered("e")).toEqual(["encode"]);
  expect(await home.offered("storage", "")).toContain("check");
  expect(await home.offered("help", "en")).toEqual(["encode"]);
  expect(await home.offered("encode", "--re")).toEqual(["--recursive"]);
  expect(await home.offered("encode", "--js")).toEqual(["--json"]);
  expect(await home.offered("jobs", "--status", "c")).toEqual(["completed", "cancelled"]);
  expect(await home.offered("storage", "check", "--storage", "=", "f")).toEqual(["ftp"]);
  expect(await home.offered("encode", "a.mp4", "-p", "1080p_h26")).toEqual([
    "1080p_h264",
    "1080p_h265",
    "1080p_h265_hdr",
  ]);
  expect((await home.offered("encode", "cl")).sort()).toEqual(["clip one.mp4", "clips"]);
  expect(await home.offered("encode", "-o", "cl")).toEqual(["clips"]);
  expect(await home.offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
});

test("with a service its presets and jobs are completed; one that is away completes nothing", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  await using home = await homeWithFlux({ FLUX_SERVER: service.url });
  expect(await home.offered("watch", "")).toEqual([jobId]);
  expect(await home.offered("watch", jobId.slice(0, 4))).toEqual([jobId]);
  expect(await home.offered("--server", "http://127.0.0.1:9", "watch", "")).toEqual([]);
});

test.if(zsh !== undefined)("zsh loads its script, and is offered values with what they are about", async () => {
  await using home = await homeWithFlux();
  const script = `autoload -Uz compinit && compinit -u -d ${home.path}/dump
    _describe() { print -l -- "\${(P@)2}" }
    source <(flux completion zsh) && words=(flux jobs --status comp) CURRENT=4 && _flux && print -- $_comps[flux]`;
  const shell = Bun.spawn([zsh ?? "zsh", "-f", "-c", script], {
    env: { PATH: `${home.path}/bin:${process.env["PATH"]}`, HOME: home.path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([shell.stdout.text(), shell.stderr.text()]);
  expect({ out, err }).toEqual({ out: "completed:\n_flux\n", err: "" });
});

const checks: [Shell, string | undefined][] = [
  ["bash", bash],
  ["zsh", zsh],
];
test.each(checks)("the script for %s is one that it can parse", async (shell, path) => {
  if (!path) return;
  const check = Bun.spawn([path, "-n"], { stdio: [new Blob([scripts[shell]]), "ignore", "pipe"] });
  expect(await check.stderr.text()).toBe("");
  expect(await check.exited).toBe(0);
});
