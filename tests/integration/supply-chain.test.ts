import { expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const textOf = (path: string) => Bun.file(join(root, path)).text();

test("every dependency is pinned, and none is fetched from an address of its own", async () => {
  const { dependencies, devDependencies, ...others } = JSON.parse(await textOf("package.json"));
  const ranged = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
  );
  expect(ranged).toEqual([]);
  expect(Object.keys(others).filter((name) => /dependencies/i.test(name))).toEqual(["trustedDependencies"]);
  expect(await textOf("bun.lock")).not.toMatch(/\w+:\/\/|"(git|github|file|link)[+:]/);
});

test("every package in the lock file has its hash", async () => {
  const packages = (await textOf("bun.lock")).split('"packages": {')[1]?.match(/^ {4}".*$/gm) ?? [];
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.filter((line) => !/"sha512-[A-Za-z0-9+/]{86}=="\],?$/.test(line))).toEqual([]);
});

test("no dependency may run a script when it is installed", async () => {
  expect(JSON.parse(await textOf("package.json")).trustedDependencies).toEqual([]);
});

test("every action that a workflow uses is pinned to a commit, and says which release that is", async () => {
  const workflows = [...new Bun.Glob(".github/workflows/*.yml").scanSync({ cwd: root, dot: true })];
  const used = (await Promise.all(workflows.map(textOf))).flatMap((text) => text.match(/uses:.*$/gm) ?? []);
  expect(used.length).toBeGreaterThan(2);
  expect(used.filter((line) => !/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test("what is installed from PyPI has its hashes", async () => {
  const lines = (await textOf("scripts/python-tools.txt")).split("\n").filter((line) => line && !line.startsWith("#"));
  expect(lines.length).toBeGreaterThan(20);
  expect(lines.filter((line) => !/^([\w-]+==[\w.]+ \\| {4}--hash=sha256:[0-9a-f]{64}( \\)?)$/.test(line))).toEqual([]);
});

/** What CI's audit does when a registry says this of our dependencies. */
async function audited(answer: () => Response, env: Record<string, string> = {}) {
  await using registry = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  const audit = Bun.spawn([join(root, "scripts/check-audit")], {
    env: { PATH: process.env["PATH"] ?? "", NPM_CONFIG_REGISTRY: registry.url.href, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = (await audit.stdout.text()) + (await audit.stderr.text());
  return { exitCode: await audit.exited, said };
}

const advisory = (severity: string) => () =>
  Response.json({
    hono: [{ id: 1, severity, title: "A hole", url: "https://example.com/1", vulnerable_versions: "<99", cwe: [] }],
  });

test.each(["high", "critical"])("the audit fails for a vulnerability that is %s, and names it", async (severity) => {
  const { exitCode, said } = await audited(advisory(severity));
  expect(said).toContain(`${severity}: hono: A hole`);
  expect(exitCode).toBe(1);
});

test.each<[string, () => Response]>([
  ["only says of moderate ones", advisory("moderate")],
  ["knows of none", () => Response.json({})],
])("the audit passes when the registry %s", async (_, answer) => {
  expect(await audited(answer, { CI: "true" })).toEqual({ exitCode: 0, said: "" });
});

test.each<[string, () => Response]>([
  ["has no audit", () => new Response("no", { status: 405 })],
  ["is broken", () => new Response("<html>")],
])(
  "when the registry %s nothing is said to be well, and in CI that is a failure unless told otherwise",
  async (_, answer) => {
    const said = expect.stringContaining("not audited");
    expect(await audited(answer)).toEqual({ exitCode: 0, said });
    expect(await audited(answer, { CI: "true" })).toEqual({
      exitCode: 1,
      said: expect.stringContaining("AUDIT_OPTIONAL"),
    });
    expect(await audited(answer, { CI: "true", AUDIT_OPTIONAL: "true" })).toEqual({ exitCode: 0, said });
  },
);
