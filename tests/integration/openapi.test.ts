import { expect, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { hashOf } from "#controlplane/auth/keys.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { checkAnswer, servedDocument } from "#tests/support/openapi.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { buildClient } from "../../scripts/build-client.ts";
import { clientTypes } from "../../scripts/client-types.ts";

const root = join(import.meta.dir, "../..");

test("/openapi.json is served without a key and is valid OpenAPI 3.1", async () => {
  await using service = await startTestControlPlane({
    workers: ["127.0.0.1:9"],
    settings: { API_KEY: "a-key-of-16-characters" },
  });
  const answer = await fetch(`${service.url}/openapi.json`);
  expect(answer.status).toBe(200);
  const document = Object(await answer.json());
  expect(document.openapi).toBe("3.1.0");
  expect(await new Validator().validate(document)).toEqual({ valid: true });
  // The validator resolves references in place.
  expect(servedDocument().info).toEqual(document.info);
});

type Node = Record<string, unknown>;

/** Every field below a schema, by its path. */
function fieldsIn(schema: Node, path: string): [path: string, field: Node][] {
  return Object.entries(schema).flatMap(([key, value]): [string, Node][] => {
    if (typeof value !== "object" || value === null) return [];
    if (key !== "properties") return fieldsIn(Object(value), path);
    return Object.entries(value).flatMap(([name, field]): [string, Node][] => [
      [`${path}.${name}`, Object(field)],
      ...fieldsIn(Object(field), `${path}.${name}`),
    ]);
  });
}

test("every field and parameter says what it is and shows an example", () => {
  const { components, paths } = servedDocument();
  const fields = Object.entries(components.schemas).flatMap(([name, schema]) => fieldsIn(Object(schema), name));
  expect(fields.length).toBeGreaterThan(50);
  const isGroup = ({ properties, items, anyOf, const: only }: Node) =>
    properties !== undefined || items !== undefined || anyOf !== undefined || only !== undefined;
  const silent = fields.filter(([, field]) => !isGroup(field) && !(field["description"] && field["examples"]));
  expect(silent.map(([path]) => path)).toEqual([]);

  const operations = Object.values<Node>(paths).flatMap((item) => Object.values(item).map(Object));
  const parameters = operations.flatMap((operation) => operation.parameters ?? []);
  expect(parameters.length).toBeGreaterThan(3);
  for (const { name, description } of parameters) expect([name, description?.length > 0]).toEqual([name, true]);
});

test("every call under /api/v1 lists its errors, all of one shape", () => {
  const { paths } = servedDocument();
  const calls = Object.entries<Node>(paths).filter(([path]) => path.startsWith("/api/v1"));
  for (const [path, item] of calls) {
    for (const [method, operation] of Object.entries(item).filter(([key]) => key !== "parameters")) {
      const statuses = Object.keys(Object(operation).responses);
      expect([path, method, statuses]).toEqual([path, method, expect.arrayContaining(["401", "403", "429", "500"])]);
      for (const answer of Object.values<Node>(Object(operation).responses)) {
        const problem = Object(answer["content"])["application/problem+json"];
        if (problem) expect(problem.schema).toEqual({ $ref: "#/components/schemas/Problem" });
      }
    }
  }
});

test("answers are as documented, the refusals too", async () => {
  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(service.url + path, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    checkAnswer(method, path, answer, await answer.text());
    return answer.status;
  };
  const jobId = await service.submit();
  worker.tell(jobId, { status: "processing", progress: 12.5, fps: 24, speed: 1, etaSeconds: 3 });
  expect(await ask("GET", `/api/v1/jobs/${jobId}`)).toBe(200);
  expect(await ask("GET", "/api/v1/jobs?limit=5&status=processing")).toBe(200);
  expect(await ask("GET", "/api/v1/jobs?limit=many")).toBe(400);
  expect(await ask("POST", "/api/v1/jobs", { preset: 1, extra: true })).toBe(400);
  expect(await ask("POST", "/api/v1/jobs", { input_url: "http://127.0.0.1:9/a.mp4", preset: "tiny" })).toBe(503);
  expect(await ask("POST", `/api/v1/jobs/${jobId}/retry`, {})).toBe(409);
  expect(await ask("DELETE", `/api/v1/jobs/${jobId}`)).toBe(202);
  expect(await ask("GET", "/api/v1/jobs/nobody")).toBe(404);
  expect(await ask("GET", "/api/v1/presets")).toBe(200);
  expect(await ask("GET", "/api/v1/workers/status?wake=false")).toBe(200);
  expect(await ask("GET", "/readyz")).toBe(200);
});

test("refusals for want of a key, a scope or patience are as documented, their headers too", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "keys.json");
  const entry = { name: "ci", tenant: "acme", scopes: ["jobs:write"], hash: hashOf("the-key"), rate_limit: "2/1h" };
  await Bun.write(file, JSON.stringify([entry]));
  await using worker = await startFakeWorker({ slots: 1 });
  await using service = await startTestControlPlane({ workers: [worker.address], settings: { API_KEYS_FILE: file } });
  const order = JSON.stringify({ input_url: "http://127.0.0.1:9/a.mp4", preset: "tiny" });
  const ask = async (method: string, path: string, key: string, init: RequestInit = {}) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(`${service.api}${path}`, { method, headers, ...init });
    checkAnswer(method, `/api/v1${path}`, answer, await answer.text());
    return [answer.status, answer.headers.has("RateLimit")];
  };
  expect(await ask("GET", "/jobs", "the-key")).toEqual([403, true]);
  expect(await ask("POST", "/jobs", "the-key", { body: order })).toEqual([202, true]);
  expect(await ask("POST", "/jobs", "the-key", { body: order })).toEqual([429, true]);
  for (let n = 0; n < 30; n += 1) expect(await ask("GET", "/presets", `wrong-${n}`)).toEqual([401, false]);
  expect(await ask("GET", "/presets", "wrong")).toEqual([429, false]);
});

test("a body that is too large is refused as documented", async () => {
  await using service = await startTestControlPlane({ workers: ["127.0.0.1:9"] });
  const answer = await service.post({ padding: "x".repeat(3 * 2 ** 20) });
  checkAnswer("POST", "/api/v1/jobs", answer, await answer.text());
  expect(answer.status).toBe(413);
});

test.each([
  ["a status", "/api/v1/presets", new Response("{}", { status: 418 })],
  ["a path", "/api/v1/colours", Response.json({})],
  ["a media type", "/api/v1/presets", new Response("{}", { headers: { "content-type": "text/html" } })],
  ["a field", "/api/v1/presets", Response.json({ presets: [], colour: "red" })],
])("%s that is not documented is found in an answer", async (_, path, answer) => {
  const text = await answer.text();
  expect(() => checkAnswer("GET", path, answer, text)).toThrow("not");
});

test("the client's types are those that the document makes; `bun run generate` writes them", async () => {
  expect(await Bun.file(join(root, "client/api.d.ts")).text()).toBe(await clientTypes());
});

const consumer = `
import { type Client, connect, isFinal } from "./client/client.js";

const client: Client = connect({ server: "http://127.0.0.1:1", apiKey: "key" });
const { job_id } = await client.submit({ input_url: "https://example.com/a.mp4", preset: "720p_h264" });
for await (const event of client.watch(job_id)) if (isFinal(event.status)) console.log(event.output_url);
// @ts-expect-error there is no such field
await client.submit({ input: "https://example.com/a.mp4" });
`;

test("the built client compiles in a project that knows nothing of Bun, and runs in Node", async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, "client"));
  await buildClient(join(folder.path, "client"));
  await Bun.write(join(folder.path, "consumer.ts"), consumer);
  const options = { strict: true, noEmit: true, module: "nodenext", lib: ["ESNext", "DOM"], types: [] };
  await Bun.write(join(folder.path, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
  await Bun.write(join(folder.path, "package.json"), '{"type":"module"}');
  const compiled = Bun.spawnSync([process.execPath, "x", "tsc", "-p", folder.path], { cwd: root });
  expect(compiled.stdout.toString()).toBe("");

  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  const script = `import { connect } from "./client/client.js";
    for await (const { status } of connect({ server: "${service.url}" }).watch("${jobId}")) console.log(status);`;
  const node = Bun.spawn(["node", "--input-type=module", "-e", script], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "inherit"],
  });
  worker.tell(jobId, { status: "completed", outputUrl: "file:///out.mp4" });
  expect((await node.stdout.text()).trim().split("\n")).toEqual(["queued", "completed"]);
});
