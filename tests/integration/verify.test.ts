import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { signedEnvelope } from "#shared/certificate/dsse.ts";
import { jwkOf, readPublicKeys, readSigningKey } from "#shared/certificate/keys.ts";
import { formatStatement } from "#shared/certificate/statement.ts";
import { fluxIn, jsonLines } from "#tests/support/flux.ts";
import { temporaryFolder } from "#tests/support/service.ts";

const pair = generateKeyPairSync("ed25519");
const publicPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const privateKey = readSigningKey(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
const keys = readPublicKeys(publicPem);
if (typeof privateKey === "string" || typeof keys === "string") throw new Error("no keys");
const signing = privateKey;
const jwks = keys.map(jwkOf);

const stack = new AsyncDisposableStack();
let home: string;
let flux: ReturnType<typeof fluxIn>;
beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  flux = fluxIn(home);
  await writeFile(join(home, "signing.pem"), publicPem);
});
afterAll(() => stack.disposeAsync());

const verify = (...args: string[]) => flux(["verify", ...args, "--key", "signing.pem"]).ended;

/** The certificate that a job signed in this minute of an hour, of files with these texts. */
function certificateOf(jobId: string, minute: number, files: Record<string, string>): string {
  const made = { externalParameters: {}, internalParameters: {}, resolvedDependencies: [], versions: {}, measured: {} };
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const subject = Object.entries(files).map(([name, text]) => ({
    ...{ name, digest: { sha256: createHash("sha256").update(text).digest("hex") } },
  }));
  return signedEnvelope(
    formatStatement(subject, { ...made, worker: "w", jobId, startedOn: at, finishedOn: at }),
    signing,
  );
}

/** A folder with these files and these certificates, which have the ids of their jobs as names. */
async function folderWith(name: string, files: Record<string, string>, certificates: Record<string, string>) {
  const folder = join(home, name);
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) await Bun.write(join(folder, path), text);
  for (const [id, text] of Object.entries(certificates)) await Bun.write(join(folder, `${id}.intoto.jsonl`), text);
  return folder;
}

test("of a job whose files were made anew only what still holds is counted, and --job wants a certain one", async () => {
  const [former, later] = [
    { a: "a1", b: "b1", c: "c" },
    { a: "a2", b: "b2" },
  ];
  const all = { A: certificateOf("A", 1, former), B: certificateOf("B", 2, later) };
  const folder = await folderWith("anew", { ...former, ...later }, all);
  const [both, json, jobA, jobB, jobC] = await Promise.all([
    verify(folder),
    verify(folder, "--json"),
    verify(folder, "--job", "A"),
    verify(folder, "--job", "B"),
    verify(folder, "--job", "C"),
  ]);
  expect(both).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 file is as job A .*superseded: 2 .*job B\n2 files are as job B/),
  });
  expect(jsonLines(json.out)).toMatchObject([
    { valid: true, certificates: [{ job_id: "A", files: 3, superseded: 2, superseded_by: ["B"] }, { superseded: 0 }] },
  ]);
  expect(jobA).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^changed: +a .*after job A was signed\nchanged: +b /),
  });
  expect(jobB).toMatchObject({ code: 1, out: expect.stringMatching(/^extra: +c .*of job B\n1 differ/) });
  expect(jobC).toMatchObject({ code: 1, out: expect.stringMatching(/^other job: +A.into.*\nother job: +B.into/) });

  // Verified by a file that the former job alone has named, its other files are as the later one says.
  expect(await verify(join(folder, "c"))).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 file is as job A .*\n$/),
  });

  await rm(join(folder, "c"));
  await writeFile(join(folder, "A.intoto.jsonl"), certificateOf("A", 1, { a: "a1", b: "b1" }));
  expect((await verify(folder)).out).toMatch(/^superseded: all that job A .* by job B\n2 files are as job B/);
  expect(await verify(folder, "--job", "B")).toMatchObject({ code: 0 });
});

test("with --certificate any other certificate in the folder is extra, and a copy of it is not", async () => {
  const given = certificateOf("A", 1, { a: "a" });
  const folder = await folderWith("given", { a: "a" }, { copy: given });
  const certificate = ["--certificate", join(folder, "copy.intoto.jsonl")];
  expect(await verify(folder, ...certificate)).toMatchObject({ code: 0, err: "" });
  await writeFile(join(folder, "other.intoto.jsonl"), "anything");
  const { code, out } = await verify(folder, ...certificate);
  expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^extra: +other.intoto.jsonl .*\n1 differ/) });
});

test("what only has the name of a certificate, and links to folders, are one line each", async () => {
  const folder = await folderWith("odd", { a: "a" }, { A: certificateOf("A", 1, { a: "a" }) });
  const at = (name: string) => join(folder, name);
  await mkdir(at("folder.intoto.jsonl"));
  await Promise.all([
    Bun.spawn(["mkfifo", at("pipe.intoto.jsonl")]).exited,
    symlink("/dev/zero", at("device.intoto.jsonl")),
    symlink("/nowhere", at("dangling.intoto.jsonl")),
    symlink(".", at("loop")),
    symlink("/usr", at("out")),
  ]);
  const { code, out } = await verify(folder);
  expect(code).toBe(1);
  expect(out.split("\n").map((line) => line.replace(/ (is|differ) .*/, "").replace(/ +/g, " "))).toEqual([
    ...["dangling", "device", "folder", "pipe"].map((name) => `bad certificate: ${name}.intoto.jsonl`),
    ...["extra: loop", "extra: out", "6", ""],
  ]);
  expect(await verify(at("pipe.intoto.jsonl"))).toMatchObject({ code: 1, out: expect.stringMatching(/^bad cert/) });
});

test("a certificate of thousands of signatures is refused, and of many unknown keys a few are told", async () => {
  const { signatures: _, ...envelope } = JSON.parse(certificateOf("A", 1, { a: "a" }));
  const signedBy = (count: number) =>
    JSON.stringify({
      ...envelope,
      signatures: Array.from({ length: count }, (_, n) => ({ keyid: `k${n}`, sig: "AAAA" })),
    });
  const all = { many: signedBy(5_000), few: signedBy(16), lines: `${signedBy(9)}\n${signedBy(9)}` };
  const { out } = await verify(await folderWith("many", { a: "a" }, all));
  expect(out).toMatch(
    /^unknown key: +few.* "k3" and 12 more; [^\n]*\nbad cert[^\n]*16 sig[^\n]*\nbad cert[^\n]*16 sig[^\n]*\n3 differ/,
  );
  expect(out).not.toContain("k4");
});

test("control characters and those of direction reach no terminal, and programs read them as they are", async () => {
  const name = "x\x1b[2J\n\u009b1m\u202e.ts";
  const certificate = certificateOf("A\u202e\x1b", 1, { "a\u2066": "a" });
  const folder = await folderWith("control", { [name]: "x" }, { A: certificate });
  const [words, json] = await Promise.all([verify(folder), verify(folder, "--json")]);
  expect(words.out).toContain("x\\x1b[2J\\x0a\\x9b1m\\u202e.ts");
  for (const { out, err } of [words, json, await verify(join(home, name))])
    expect(out + err).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  expect(words.out.trim().split("\n")).toHaveLength(3);
  expect(jsonLines(json.out)).toMatchObject([{ differences: [{ file: "a\u2066" }, { file: name }] }]);
});

test.each([
  [{ kty: "EC" }, 2],
  [{ crv: "X25519" }, 2],
  [{ use: "enc" }, 2],
  [{ use: undefined }, 0],
  [{}, 0],
])("a key set whose key has %j ends with %i", async (given, expected) => {
  const folder = await folderWith("set", { a: "a" }, { A: certificateOf("A", 1, { a: "a" }) });
  await writeFile(
    join(home, "jwks.json"),
    JSON.stringify({
      keys: [
        { kty: "RSA", n: "AQAB" },
        { ...jwks[0], ...given },
      ],
    }),
  );
  const { code, err } = await flux(["verify", folder, "--jwks", "jwks.json"]).ended;
  expect({ code, err }).toEqual({
    code: expected,
    err: expected ? expect.stringContaining("holds no Ed25519 keys") : "",
  });
});

test("the URL of a folder that lacks its slash is said to", async () => {
  await folderWith("films", { a: "a" }, { A: certificateOf("A", 1, { a: "a" }) });
  await using server = Bun.serve({
    ...{ port: 0, hostname: "127.0.0.1" },
    fetch: ({ url }) => new Response(Bun.file(join(home, new URL(url).pathname))),
  }) as unknown as AsyncDisposable & { url: URL };
  const certificate = ["--certificate", join(home, "films/A.intoto.jsonl")];
  const [folder, bare, file] = await Promise.all(
    ["films/", "films", "films/a"].map((path) => verify(`${server.url.origin}/${path}`, ...certificate)),
  );
  expect([folder?.code, file?.code]).toEqual([0, 0]);
  expect(bare).toMatchObject({ code: 2, err: expect.stringContaining("ends with /") });
});
