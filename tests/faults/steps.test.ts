import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EventJson } from "#shared/job/event.ts";
import { newSecret } from "#shared/webhooks/signing.ts";
import { clip } from "#tests/support/clips.ts";
import { freePort, jobsFolder, leftIn, startControlplane, startWorker } from "#tests/support/processes.ts";
import { publishedKeys } from "#tests/support/published.ts";
import { measurable } from "#tests/support/quality.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { readCertificate, signingKeyIn } from "#tests/support/signing-key.ts";
import { webhookReceiver } from "#tests/support/webhook-receiver.ts";
import { pieceSteps, queueSteps, steps } from "#worker/job/steps.ts";
import { contentOf } from "./content.ts";
import { unaccountedIn } from "./unaccounted.ts";

const hasVmaf = (await measurable()).includes("vmaf");
const presets = { single: "tiny", hls: "hls_tiny" } as const;
type Shape = keyof typeof presets;

/** Every point at which a worker can die, of a job that has not waited for it. A single file differs from many in its delivery only. */
const isOrdinary = (step: string) => !queueSteps.includes(step) && !pieceSteps.includes(step);
const ordinary = steps.filter((step) => isOrdinary(step) && (step !== "aim" || hasVmaf));
const points = [
  ...ordinary.flatMap((step) => bothSides("hls", step)),
  ...[2, 3].flatMap((time) => [...bothSides("hls", `upload ${time}`), ...bothSides("hls", `publish ${time}`)]),
  ...ordinary.slice(ordinary.indexOf("stage")).flatMap((step) => bothSides("single", step)),
];

function bothSides(shape: Shape, step: string) {
  return [
    { shape, step, side: "before" },
    { shape, step, side: "after" },
  ];
}

const secret = newSecret();
const stack = new AsyncDisposableStack();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home: string;
let port: number;
let signingKey: string;
let url: string;
let sources: ReturnType<typeof serveFiles>;
let receiver: ReturnType<typeof webhookReceiver>;
let api: ReturnType<typeof client>;
const undisturbed = new Map<Shape, string>();

const settings = () => ({ port, home, WEBHOOK_SECRETS: secret, IDLE_TIMEOUT: "60s", SIGNING_KEY: signingKey });
const order = (shape: Shape) => ({
  input_url: sources.url("clip.mp4"),
  preset: presets[shape],
  callback_url: receiver.url,
  ...(shape === "hls" && { measure: "ssim", ...(hasVmaf && { quality: { vmaf: 90 } }) }),
  output: { certificate: true },
});
const outputOf = ({ output_url = "" }: EventJson) => fileURLToPath(output_url);

beforeAll(async () => {
  sources = stack.use(serveFiles({ "clip.mp4": await clip({ seconds: 1 }) }));
  receiver = stack.use(webhookReceiver({ secret }));
  port = await freePort();
  signingKey = (await signingKeyIn(stack.use(await temporaryFolder()).path)).privateFile;
  url = stack.use(await startControlplane([port])).url;
  api = client(url);
  for (const shape of ["single", "hls"] as const) undisturbed.set(shape, await contentUndisturbed(shape));
});
afterAll(() => stack.disposeAsync());
beforeEach(async () => {
  folder = await temporaryFolder();
  home = folder.path;
});
afterEach(() => folder[Symbol.asyncDispose]());

/** What a job makes that nothing disturbs. */
async function contentUndisturbed(shape: Shape) {
  await using folder = await temporaryFolder();
  await using _worker = await startWorker({ ...settings(), home: folder.path });
  const { job_id } = (await api.post(order(shape))).body;
  const end = await api.until(job_id, ({ status }) => status === "completed");
  return await contentOf(outputOf(end));
}

test.each(points)(
  "a worker that dies right $side the step $step completes a $shape job when it is back",
  async ({ shape, step, side }) => {
    const dying = await startWorker({ ...settings(), MAIN: "tests/support/dying-worker.ts", DIES: `${side} ${step}` });
    const { job_id } = (await api.post(order(shape))).body;
    const watching = watched(job_id);
    expect(await dying.exited).toBe(137);

    await using _worker = await startWorker(settings());
    const events = await watching;
    const end = events.at(-1) as EventJson;
    const isEnded = step === "record" || step === "notify";
    expect(end).toMatchObject({ status: "completed", attempt: isEnded ? 1 : 2 });
    // The certificate tells the facts, and so is none of what they count.
    const holds = { files: (end.files_total ?? 0) - 1, renditions: [{ kind: "video" }] };
    expect(end).toMatchObject({
      source: { container: "mp4" },
      outputs: shape === "single" ? holds : { files: holds.files },
    });
    expect(await contentOf(outputOf(end))).toBe(undisturbed.get(shape) ?? "");

    await eventually(async () => (await leftIn(jobsFolder(home, port))).length === 0, "no job is left");
    const told = receiver.received.filter(({ event }) => event.job_id === job_id);
    expect(new Set(told.map(({ id }) => id))).toEqual(new Set([`${job_id}-${end.sequence}`]));
    expect(told[0]?.event).toEqual(end);
    expect((await api.job(job_id)).body).toMatchObject({ status: "completed", sequence: end.sequence });

    const files = await filesIn(join(home, "out"));
    expect(files.filter((file) => file.endsWith(`${job_id}.json`))).toHaveLength(1);
    const out = join(home, "out");
    const bytes = (key: string) => Bun.file(join(out, key)).bytes();
    const outputs = files.filter((file) => !file.startsWith(".flux/"));
    expect(await publishedKeys(job_id, { keys: async () => files, bytes })).toEqual(outputs);
    expect(await unaccountedIn(out, outputOf(end), shape === "single")).toEqual(certificatesIn(outputs));
    expect(certificatesIn(outputs)).toHaveLength(1);
    const certificate = await Bun.file(join(out, certificatesIn(outputs)[0] ?? "")).text();
    const { statement } = readCertificate(certificate);
    const { length } = statement.subject;
    expect(length).toBe(outputs.length - 1);
    expect(await (await fetch(`${url}/api/v1/jobs/${job_id}/certificate`)).text()).toBe(certificate);
  },
);

const certificatesIn = (files: readonly string[]) => files.filter((file) => file.endsWith(".intoto.jsonl"));

/** All events of a job, whatever becomes of its stream; their numbers grow. */
async function watched(jobId: unknown): Promise<EventJson[]> {
  const events = await api.events(jobId);
  const numbers = events.map(({ sequence }) => sequence);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  return events;
}
