import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { clip } from "#tests/support/clips.ts";
import { fluxIn } from "#tests/support/flux.ts";
import { freePort, startControlplane, startWorker } from "#tests/support/processes.ts";
import { client, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { opensslVerifies, signedParts, signingKeyIn } from "#tests/support/signing-key.ts";

const stack = new AsyncDisposableStack();
let home: string;
let source: string;
let url: string;
let api: ReturnType<typeof client>;
let sources: ReturnType<typeof serveFiles>;
let flux: ReturnType<typeof fluxIn>;
let keys: Awaited<ReturnType<typeof signingKeyIn>>;
const out = (path: string) => join(home, "out", path);
const sha256 = async (file: string) =>
  createHash("sha256")
    .update(await Bun.file(file).bytes())
    .digest("hex");

beforeAll(async () => {
  home = stack.use(await temporaryFolder()).path;
  keys = await signingKeyIn(home);
  source = await clip({ seconds: 2 });
  sources = stack.use(serveFiles({ "clip.mp4": source }));
  const port = await freePort();
  stack.use(await startWorker({ port, home, SIGNING_KEY: keys.privateFile }));
  const settings = { SIGNING_PUBLIC_KEYS: keys.publicFile };
  url = stack.use(await startControlplane([port], settings)).url;
  api = client(url);
  flux = fluxIn(home);
});
afterAll(() => stack.disposeAsync());

const certificateOf = async (id: unknown) => {
  const answer = await fetch(`${url}/api/v1/jobs/${id}/certificate`);
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
};

test("an output of many files has a certificate beside it that names each of them and their source", async () => {
  const { body } = await api.post(
    {
      input_url: `${sources.url("clip.mp4")}?token=secret`,
      preset: "hls_tiny",
      output: { path: "films/a/", certificate: true },
    },
    { prefer: "wait" },
  );
  const id = String(body["job_id"]);
  expect(body).toMatchObject({ status: "completed", certificate_url: `/api/v1/jobs/${id}/certificate` });
  const beside = await Bun.file(out(`films/a/${id}.intoto.jsonl`)).text();
  expect(await certificateOf(id)).toEqual({ status: 200, type: "application/vnd.in-toto.bundle", text: beside });
  expect(await opensslVerifies(home, beside, keys.publicFile)).toBe(true);

  const { statement } = await signedParts(home, beside);
  const names = (await filesIn(out("films/a"))).filter((name) => !name.endsWith(".intoto.jsonl"));
  const published = await Promise.all(
    names.map(async (name) => ({ name, sha256: await sha256(out(`films/a/${name}`)) })),
  );
  expect(statement.subject).toEqual(published.map(({ name, sha256 }) => ({ name, digest: { sha256 } })));
  const [from] = statement.predicate.buildDefinition.resolvedDependencies;
  expect(from).toMatchObject({ uri: sources.url("clip.mp4"), digest: { sha256: await sha256(source) } });
  expect(JSON.stringify(statement)).not.toContain("secret");
  expect(JSON.stringify(statement)).not.toContain(home);

  const verified = await flux(["verify", out("films/a"), "--key", keys.publicFile]).ended;
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toContain(`${names.length} files are as job ${id} made them`);
});
