import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { version } from "#shared/version.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const root = join(import.meta.dir, "../..");

/** Runs a program that ends by itself. */
async function ended(main: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, join(root, main), ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

describe.each(["controlplane/main.ts", "worker/main.ts"])("%s", (main) => {
  test("explains itself, whatever its settings are", async () => {
    const wrong = { PORT: "x", GRPC_PORT: "x" };
    const help = await ended(main, ["--help"], wrong);
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(help.out).toContain("docs/settings.md");
    expect(await ended(main, ["--version"], wrong)).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});

test.each([
  ["controlplane/main.ts", "PORT"],
  ["worker/main.ts", "GRPC_PORT"],
  ["worker/main.ts", "METRICS_PORT"],
  ["scripts/dev.ts", "SAMPLE_PORT"],
])("%s says in one line that %s is in use, and exits with 78", async (main, setting) => {
  await using home = await temporaryFolder();
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const settings = { GRPC_PORT: "0", WORKER_NODES: "127.0.0.1:9", WORK_DIR: home.path, LOCAL_ROOT: home.path };
  const { err, code } = await ended(main, [], {
    ...settings,
    STORAGE_TYPE: "local",
    ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8",
    [setting]: String(taken.port),
  });
  expect({ err, code }).toEqual({ err: `${setting}: 127.0.0.1:${taken.port} is in use; choose another\n`, code: 78 });
});

test("what keeps a part from starting is said with its value and once, and beside it what is misspelt", async () => {
  const wrong = await ended("controlplane/main.ts", [], {
    PORT: "8080 # the port",
    WORKER_NODE: "a:1",
    JOB_TIMEOUT: "5",
  });
  expect(wrong.code).toBe(78);
  expect(wrong.err.split("\n")).toEqual([
    expect.stringMatching(/^PORT: .*0 to 65535; it is "8080 # the port", and what follows #/),
    "WORKER_NODES: is required",
    expect.stringMatching(/^JOB_TIMEOUT: .*; it is "5"$/),
    "WORKER_NODE is no setting: is WORKER_NODES meant?",
    "",
  ]);
});
