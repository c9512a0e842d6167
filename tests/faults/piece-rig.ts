import { afterAll, afterEach, beforeAll, beforeEach, expect } from "bun:test";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip } from "#tests/support/clips.ts";
import {
  freePort,
  jobsFolder,
  leftIn,
  type Process,
  startControlplane,
  startWorker,
} from "#tests/support/processes.ts";
import { client, eventually, filesIn, serveFiles, temporaryFolder } from "#tests/support/service.ts";
import { contentOf } from "./content.ts";

export const seconds = 10;
/** Of two seconds each. */
export const pieces = 5;

/** Each point takes a job and a crash: all are tried by `EVERY_STEP=true`, and otherwise those that differ most. */
const isEvery = process.env["EVERY_STEP"] === "true";
export const chosen = <T>(all: readonly T[], usual: readonly number[]) =>
  isEvery ? all : all.filter((_, at) => usual.includes(at));

/** Where most of it is encoded. */
export const isSettled = { kept: 3, point: "after piece 3" };

/** How often a worker has come to a point. */
export const timesOf = ({ said }: { said: readonly string[] }, point: string) =>
  said.filter((line) => line === point).length;

type Killed = {
  /** Changes what the worker leaves on the disk before the next one takes it up. */
  change?(jobId: string): Promise<unknown>;
  /** Fields of the order beside those of all. */
  more?: Readonly<Record<string, unknown>>;
};

/** A control plane for the tests of one file, and workers that die while they encode a film in pieces. */
export function pieceRig() {
  const stack = new AsyncDisposableStack();
  const files: Record<string, string> = {};
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let port: number;
  let sources: ReturnType<typeof serveFiles>;
  let api: ReturnType<typeof client>;

  beforeAll(async () => {
    sources = stack.use(serveFiles(files));
    port = await freePort();
    api = client(stack.use(await startControlplane([port])).url);
    files["film.mp4"] = await clip({ seconds });
  });
  afterAll(() => stack.disposeAsync());
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  const usual = (home = folder.path) => ({ port, home, SPLIT_SECONDS: "2", MIN_FREE_DISK: "0B" });
  const dying = (home = folder.path) => ({ ...usual(home), MAIN: "tests/support/dying-worker.ts" });
  const jobs = () => jobsFolder(folder.path, port);
  const piecesOf = (jobId: unknown) => join(jobs(), String(jobId), "pieces");
  const submit = async (more: Killed["more"] = {}) =>
    String((await api.post({ input_url: sources.url("film.mp4"), preset: "hls_tiny", ...more })).body["job_id"]);
  const completed = async (jobId: unknown) => {
    const { output_url = "" } = await api.until(jobId, ({ status }) => status === "completed");
    return contentOf(fileURLToPath(output_url));
  };
  const nothingLeft = () => eventually(async () => (await leftIn(jobs())).length === 0, "no job is left");

  return {
    ...{ files, piecesOf, submit, completed, nothingLeft },
    api: () => api,
    home: () => folder.path,
    workDir: () => join(folder.path, `work-${port}`),
    sourceUrl: (name: string) => sources.url(name),
    /** What of a job is kept. */
    notesOf: async (jobId: unknown) => (await filesIn(piecesOf(jobId))).filter((name) => name.endsWith(".json")),
    startDying: (point: string) => startWorker({ ...dying(), DIES: point }),
    startNext: () => startWorker(dying()),

    /** What a job makes that nothing disturbs. */
    async undisturbed(more: Killed["more"] = {}) {
      await using passing = await temporaryFolder();
      await using worker = await startWorker(dying(passing.path));
      const content = await completed(await submit(more));
      expect(timesOf(worker, "before piece")).toBe(pieces);
      return content;
    },

    /** Kills a worker at a point: what the next one makes, and how much of it has to be encoded. */
    async killedAt(point: string, { change = async () => {}, more = {} }: Killed = {}) {
      const killed = await startWorker({ ...dying(), DIES: point });
      const jobId = await submit(more);
      expect(await killed.exited).toBe(137);
      await change(jobId);
      await using worker = await startWorker(dying());
      const content = await completed(jobId);
      await nothingLeft();
      return { content, encoded: timesOf(worker, "before piece"), heard: timesOf(worker, "before sound") };
    },

    /** A job of which this piece, the first being 0, or the sound is being encoded, by a worker that nothing kills. */
    async encoding(what: number | "sound", { patience = "0s", more = {} }: { patience?: string } & Killed = {}) {
      const worker: Process = await startWorker({ ...usual(), DRAIN_TIMEOUT: patience });
      const jobId = await submit(more);
      try {
        const begun = async () => (await filesIn(join(piecesOf(jobId), String(what)))).length > 0;
        await eventually(begun, `${what} is begun`);
      } catch (error) {
        await worker[Symbol.asyncDispose]();
        throw error;
      }
      return { worker, jobId };
    },
  };
}
