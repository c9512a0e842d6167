import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { cp, mkdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn, jsonLines } from "#tests/support/flux.ts";
import { checkAnswer } from "#tests/support/openapi.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { readCertificate, signingKeyIn } from "#tests/support/signing-key.ts";
import { toolPath } from "#tests/support/tools.ts";

const root = join(import.meta.dir, "../..");
// What `scripts/setup tests` installs, securesystemslib among it.
const generator = toolPath("openapi-python-client", join(root, ".tools/generator/bin"));
const python = generator && join(dirname(generator), "python3");

const stack = new AsyncDisposableStack();
/** Where the page's commands run: `signing.pem`, `jwks.json`, `certificate.intoto.jsonl` and `films/a`. */
let home: string;
let source: string;
let url: string;
let api: ReturnType<typeof client>;
let flux: ReturnType<typeof fluxIn>;
let sources: ReturnType<typeof serveFiles>;
let page: { sh: string[]; py: string[] };
/** The port of the worker that has no key. */
let keyless: number;
let jobId: string;
let line: string;
let names: string[];

const sha256 = async (file: string) =>
  createHash("sha256")
    .update(await Bun.file(file).bytes())
    .digest("hex");

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  page = blocksOf(await Bun.file(join(root, "docs/certificates.md")).text());
  expect(await shell(page.sh[0] ?? "")).toMatchObject({ code: 0 });
  source = await clip({ seconds: 2 });
  sources = stack.use(serveFiles({ "clip.mp4": source, "long.mp4": await clip({ seconds: 4 }) }));
  const signing = await freePort();
  keyless = await freePort();
  const SIGNING_KEY = join(home, "signing.key");
  stack.use(await startWorker({ port: signing, home, LOCAL_ROOT: home, SIGNING_KEY, SPLIT_SECONDS: "2" }));
  stack.use(await startWorker({ port: keyless, home, LOCAL_ROOT: home }));
  const settings = { SIGNING_PUBLIC_KEYS: join(home, "signing.pem") };
  // The one that signs nothing is the first that is asked.
  url = stack.use(await startControlplane([keyless, signing], settings)).url;
  api = client(url);
  flux = fluxIn(home);

  const { body } = await api.post(
    { ...anOrder("hls_tiny", "films/a/"), input_url: `${sources.url("clip.mp4")}?token=secret` },
    { prefer: "wait" },
  );
  expect(body).toMatchObject({ status: "completed" });
  jobId = String(body["job_id"]);
  line = await Bun.file(beside()).text();
  names = (await filesIn(join(home, "films/a"))).filter((name) => !name.endsWith(".intoto.jsonl"));
  await Bun.write(join(home, "certificate.intoto.jsonl"), line);
  await Bun.write(join(home, "jwks.json"), await (await fetch(`${url}/.well-known/jwks.json`)).text());
});
afterAll(() => stack.disposeAsync());

const anOrder = (preset: string, path: string, certificate = true) => ({
  input_url: sources.url("clip.mp4"),
  preset,
  output: { path, certificate },
});
const beside = () => join(home, `films/a/${jobId}.intoto.jsonl`);

/** The commands of a page that are marked to be run, by their language. */
function blocksOf(text: string) {
  const of = (language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language} run\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);
  return { sh: of("sh"), py: of("py") };
}

async function ended(argv: readonly string[]) {
  const child = Bun.spawn([...argv], { cwd: home, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}
const shell = (script: string) => ended(["bash", "-euo", "pipefail", "-c", script]);

/** A copy of the output, for a test to change. */
async function copyOfOutput() {
  const folder = await temporaryFolder(home);
  await cp(join(home, "films/a"), folder.path, { recursive: true });
  return { ...folder, path: folder.path };
}

const verify = (...args: string[]) => flux(["verify", ...args, "--key", join(home, "signing.pem")]).ended;

test("a certificate names every published file and what it was made of, and nothing that is secret", async () => {
  const { keyId, statement } = readCertificate(line);
  const hashes = await Promise.all(names.map((name) => sha256(join(home, "films/a", name))));
  expect(names.length).toBeGreaterThan(6);
  expect(statement.subject).toEqual(names.map((name, at) => ({ name, digest: { sha256: hashes[at] } })));

  const { buildDefinition, runDetails } = statement.predicate;
  const { internalParameters, externalParameters, resolvedDependencies } = buildDefinition;
  const [from, preset, ffmpeg] = resolvedDependencies;
  const bytes = Bun.file(source).size;
  const whence = sources.url("clip.mp4");
  expect(from).toMatchObject({ uri: whence, digest: { sha256: await sha256(source) }, annotations: { bytes } });
  expect(preset).toMatchObject({ uri: "urn:flux-encoder:preset:hls_tiny" });
  expect(ffmpeg.uri).toMatch(/^pkg:generic\/ffmpeg@n?\d/);
  expect(runDetails.builder.version).toMatchObject({ libavcodec: expect.any(String), libx264: expect.any(String) });
  expect(externalParameters).toMatchObject({ input_url: whence, preset: "hls_tiny", output: { path: "films/a/" } });
  expect(internalParameters.ffmpeg).toContain("{source}");
  expect(internalParameters.ffmpeg).toContain("{output}/stream_%v.m3u8");
  const { body } = await api.job(jobId);
  expect(runDetails.metadata).toMatchObject({ invocationId: jobId });
  expect(runDetails.flux_measured).toEqual({ source: body["source"], outputs: body["outputs"] });
  expect(keyId).toBe(JSON.parse(await Bun.file(join(home, "jwks.json")).text()).keys[0].kid);
  for (const secret of ["secret", home]) expect(JSON.stringify(statement)).not.toContain(secret);
});

test("a job in pieces tells how far they are, and its certificate how each was made, without a folder", async () => {
  const order = { ...anOrder("hls_tiny", "films/pieces/"), input_url: sources.url("long.mp4") };
  const id = (await api.post(order)).body["job_id"];
  const events = await api.events(id);
  expect(events.at(-1)).toMatchObject({ status: "completed", pieces: { done: 2, total: 2, workers: 1 } });
  const told = events.filter(({ status, pieces }) => status === "processing" && pieces);
  expect(told[0]?.message).toStartWith("Encoding frame");
  expect(told[0]?.pieces).toMatchObject({ total: 2, workers: 1 });
  const joining = told.filter(({ message = "" }) => message.startsWith("Joining the pieces"));
  expect(joining[0]).toMatchObject({ progress: 95, pieces: { done: 2, total: 2, workers: 0 } });
  expect((await api.job(id)).body["pieces"]).toEqual({ done: 2, total: 2, workers: 1 });

  const { statement } = readCertificate(await Bun.file(join(home, `films/pieces/${id}.intoto.jsonl`)).text());
  const { ffmpeg, ffmpeg_pieces, encoders } = statement.predicate.buildDefinition.internalParameters;
  expect(ffmpeg).toContain("{job}/pieces/1.ffconcat");
  expect(ffmpeg_pieces).toHaveLength(2);
  for (const args of ffmpeg_pieces) expect(args).toContain("{source}");
  expect(encoders).toContain("libx264");
  expect(JSON.stringify(statement)).not.toContain(home);
});

test("the API serves what lies beside record and output, and the keys with a tag", async () => {
  const path = `/api/v1/jobs/${jobId}/certificate`;
  expect((await api.job(jobId)).body).toMatchObject({ certificate_url: path });
  const answer = await fetch(url + path);
  const text = await answer.text();
  checkAnswer("GET", path, answer, text);
  expect(text).toBe(line);
  const records = (await filesIn(join(home, ".flux"))).filter((name) => name.endsWith(`${jobId}.intoto.jsonl`));
  expect(await Bun.file(join(home, ".flux", records[0] ?? "")).text()).toBe(line);

  const first = await fetch(`${url}/.well-known/jwks.json`);
  checkAnswer("GET", "/.well-known/jwks.json", first, await first.text());
  expect(first.headers.get("cache-control")).toBe("public, max-age=3600");
  const again = await fetch(`${url}/.well-known/jwks.json`, {
    headers: { "if-none-match": first.headers.get("etag") ?? "" },
  });
  expect(again.status).toBe(304);
});

test("the page's commands for openssl and flux verify it, and refuse one byte more or less", async () => {
  const [, ofFlux = "", ofOpenssl = ""] = page.sh;
  const withFlux = `flux() { ${process.execPath} --no-orphans ${join(root, "cli/main.ts")} "$@"; }\n${ofFlux}`;
  expect(await shell(withFlux)).toMatchObject({ code: 0, err: "" });
  expect(await shell(ofOpenssl)).toMatchObject({ code: 0, out: expect.stringContaining("Verified Successfully") });

  const { payload, ...rest } = JSON.parse(line);
  const changed = Buffer.from(payload, "base64");
  changed[changed.length - 3] = (changed[changed.length - 3] ?? 0) ^ 1;
  const forged = `${JSON.stringify({ ...rest, payload: changed.toString("base64") })}\n`;
  await using folder = await temporaryFolder(home);
  const file = join(folder.path, "forged.intoto.jsonl");
  await Bun.write(file, forged);
  expect((await shell(ofOpenssl.replaceAll("certificate.intoto.jsonl", file))).code).not.toBe(0);
  const { code, out } = await verify("films/a", "--certificate", file);
  expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining("wrong signature:") });
});

test.skipIf(!python)("securesystemslib verifies it as the page says, and no other key's", async () => {
  const [script = ""] = page.py;
  const { out, err, code } = await ended([python ?? "", "-c", script]);
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  await Bun.write(join(home, "films/a/SHA256SUMS"), out);
  const sums = await shell("cd films/a && sha256sum --check --quiet SHA256SUMS");
  await rm(join(home, "films/a/SHA256SUMS"));
  expect(sums).toMatchObject({ code: 0 });
  expect(out.trim().split("\n")).toHaveLength(names.length);

  const forged = script.replace("envelope.verify", "envelope.payload = envelope.payload + b' '\nenvelope.verify");
  expect((await ended([python ?? "", "-c", forged])).err).toContain("VerificationError");
});

test("flux verify says in words what differs", async () => {
  await using copy = await copyOfOutput();
  const at = (name: string) => join(copy.path, name);
  expect(await verify(copy.path)).toMatchObject({ code: 0, out: expect.stringContaining(`${names.length} files are`) });

  const [changed = "", missing = "", linked = ""] = names.filter((name) => name.endsWith(".ts"));
  const bytes = Buffer.from(await Bun.file(at(changed)).bytes());
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await Bun.write(at(changed), bytes);
  await rm(at(missing));
  await rename(at(linked), join(home, "elsewhere.ts"));
  await symlink(join(home, "elsewhere.ts"), at(linked));
  await mkdir(at("more"));
  await Bun.write(at("more/extra.ts"), "x");

  const { code, out } = await verify(copy.path);
  const lines = out.trim().split("\n");
  expect(code).toBe(1);
  expect(lines).toHaveLength(5);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(new RegExp(`^changed: +${changed} has the SHA-256 [0-9a-f]{64}; the certificate says`)),
      expect.stringMatching(new RegExp(`^missing: +${missing} `)),
      expect.stringMatching(new RegExp(`^unreadable: +${linked} `)),
      expect.stringMatching(/^extra: +more\/extra\.ts /),
      "4 differ from what was signed",
    ]),
  );
  const json = await flux(["--json", "verify", copy.path, "--key", join(home, "signing.pem")]).ended;
  const [answer] = jsonLines(json.out);
  expect(answer).toMatchObject({ valid: false, certificates: [{ job_id: jobId, files: names.length }] });
  expect(answer?.["differences"]).toHaveLength(4);
});

test("it is verified by URL, with the keys that the service publishes, and by no other key", async () => {
  await using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      const file = Bun.file(join(home, decodeURIComponent(new URL(request.url).pathname)));
      return (await file.exists()) ? new Response(file) : new Response("no", { status: 404 });
    },
  }) as unknown as AsyncDisposable & { url: URL };
  const base = `${server.url.origin}/films/a/`;
  const jwks = ["--jwks", `${url}/.well-known/jwks.json`];
  const certificate = ["--certificate", join(home, "certificate.intoto.jsonl")];
  const { publicFile } = await signingKeyIn(home, "other");
  const [byCertificate, byFolder, entry, elsewhere, other, keyless, noFile, nowhere] = await Promise.all([
    flux(["verify", `${base}${jobId}.intoto.jsonl`, ...jwks]).ended,
    flux(["verify", base, ...jwks, ...certificate]).ended,
    verify(`${base}master.m3u8`),
    verify(`${server.url.origin}/films/b/`, ...certificate),
    flux(["verify", "films/a", "--key", publicFile]).ended,
    flux(["verify", "films/a"]).ended,
    flux(["verify", "films/a", "--key", "no.pem"]).ended,
    verify("films/none"),
  ]);
  for (const fits of [byCertificate, byFolder]) expect(fits).toMatchObject({ code: 0, err: "" });
  expect(entry).toMatchObject({ code: 1, err: expect.stringContaining("--certificate") });
  expect(elsewhere.out.trim().split("\n").at(-1)).toBe(`${names.length} differ from what was signed`);
  expect(other).toMatchObject({ code: 1, out: expect.stringMatching(/^unknown key:/) });
  for (const wrong of [keyless, noFile]) expect(wrong).toMatchObject({ code: 2 });
  expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining("films/none") });
});

test("a single file has it beside it and loses it with its job; one that has none says why", async () => {
  const { body } = await api.post(anOrder("tiny", "singles/b.mp4"), { prefer: "wait" });
  const id = String(body["job_id"]);
  expect(await filesIn(join(home, "singles"))).toEqual([`${id}.intoto.jsonl`, "b.mp4"].sort());
  expect(await verify("singles/b.mp4")).toMatchObject({ code: 0, out: expect.stringContaining("1 file is") });
  const removed = await api.ask(`/jobs/${id}?output=true`, { method: "DELETE" });
  expect(removed.body).toMatchObject({ removed: 2, different: [] });
  expect((await filesIn(home)).filter((name) => name.includes(id))).toEqual([]);
  expect((await fetch(`${url}/api/v1/jobs/${id}/certificate`)).status).toBe(404);

  await using bare = await startControlplane([keyless]);
  const plain = await client(bare.url).post(anOrder("tiny", "singles/c.mp4", false), { prefer: "wait" });
  expect(plain.body).not.toHaveProperty("certificate_url");
  const none = await fetch(`${bare.url}/api/v1/jobs/${plain.body["job_id"]}/certificate`);
  expect(none.status).toBe(404);
  expect(await none.text()).toContain("no SIGNING_KEY");
  expect((await fetch(`${bare.url}/.well-known/jwks.json`)).status).toBe(404);
  const refused = await client(bare.url).post(anOrder("tiny", "singles/d.mp4"));
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: "output.certificate" }] } });
});

test("an output that was made anew is verified as the later job made it; without a certificate it differs", async () => {
  const order = async (preset: string, certificate: boolean) => {
    const asked = anOrder(preset, "anew/e.mp4", certificate);
    const { body } = await api.post({ ...asked, output: { ...asked.output, overwrite: true } }, { prefer: "wait" });
    expect(body).toMatchObject({ status: "completed" });
    return String(body["job_id"]);
  };
  const [former, later] = [await order("tiny", true), await order("240p_fast", true)];
  expect(await verify("anew")).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      new RegExp(`^superseded: .*job ${former} .* by job ${later}\n1 file is as job ${later} `),
    ),
  });
  await order("tiny", false);
  const changed = expect.stringMatching(
    new RegExp(`^changed: +e.mp4 .* made anew without a certificate, after job ${later} `),
  );
  expect(await verify("anew")).toMatchObject({ code: 1, out: changed });
  await api.ask(`/jobs/${later}?output=true`, { method: "DELETE" });
  expect(await filesIn(join(home, "anew"))).toEqual([`${former}.intoto.jsonl`, "e.mp4"].sort());
});

test("a worker with a bad key, and a control plane with a private one, exit with 78 and say which setting", async () => {
  const run = (main: string, env: Record<string, string>) => {
    const child = Bun.spawn([process.execPath, join(root, main)], {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  };
  const worker = { WORK_DIR: join(home, "w"), GRPC_PORT: "0" };
  const [, said, code] = await run("worker/main.ts", { ...worker, SIGNING_KEY: join(home, "signing.pem") });
  expect({ code, said }).toEqual({ code: 78, said: expect.stringContaining("SIGNING_KEY: is not a private key") });
  const [, words, exit] = await run("controlplane/main.ts", {
    ...{ PORT: "0", WORKER_NODES: "127.0.0.1:1", SIGNING_PUBLIC_KEYS: join(home, "signing.key") },
  });
  expect({ exit, words }).toEqual({
    exit: 78,
    words: expect.stringContaining("SIGNING_PUBLIC_KEYS: entry 1 holds a private"),
  });
});
