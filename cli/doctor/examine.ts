import { type Finding, fault, ok, warning } from "#cli/finding.ts";
import { tryStorage } from "#cli/storage-check/try-storage.ts";
import { type Config as ControlplaneConfig, readConfig as readControlplane } from "#controlplane/config.ts";
import { parseSrv } from "#controlplane/workers/srv.ts";
import type { Env } from "#shared/env.ts";
import { toFault } from "#shared/fault.ts";
import type { StorageConfig } from "#shared/storage/settings.ts";
import { readConfig as readWorker, type Config as WorkerConfig } from "#worker/config.ts";
import { loadPresets } from "#worker/presets/load.ts";
import { openSandbox } from "#worker/sandbox/open-sandbox.ts";
import { checkClock } from "./clock.ts";
import { tryEncoders } from "./encoders.ts";
import { checkGrpcPort, checkHttpPort } from "./ports.ts";
import { checkBun, checkOptional, checkProgram, checkStart } from "./programs.ts";
import { checkSrv } from "./srv.ts";
import { checkWorkDir } from "./work-dir.ts";
import { checkWorker } from "./workers.ts";

/** Looks at all that a worker, and with WORKER_NODES a control plane, needs of this machine. */
export async function* examine(env: Env, server: string | undefined): AsyncGenerator<Finding> {
  yield { check: "bun", ...checkBun(Bun.version) };
  const ffmpeg = await checkProgram("ffmpeg", env);
  yield { check: "ffmpeg", ...ffmpeg };
  const ffprobe = await checkProgram("ffprobe", env);
  yield { check: "ffprobe", ...ffprobe };

  const worker = tryRead(() => readWorker(env));
  const controlplane = env["WORKER_NODES"] ? tryRead(() => readControlplane(env)) : undefined;
  yield* settingsFindings([worker, ...(controlplane ? [controlplane] : [])]);
  const hasFfmpeg = ffmpeg.state !== "fault" && ffprobe.state !== "fault";
  if (hasFfmpeg) yield { check: "start", ...(await checkStart()) };
  if (hasFfmpeg) yield* checkOptional();
  if (hasFfmpeg) yield* encoderFindings(worker.value?.presetsDir);
  if (worker.value) yield* workerFindings(worker.value, hasFfmpeg);
  if (controlplane?.value) yield* controlplaneFindings(controlplane.value);
  else if (!controlplane) yield { check: "workers", ...ok("WORKER_NODES is not set: no control plane is looked at") };
  yield { check: "clock", ...(await checkClock(worker.value?.storage, controlplane?.value?.access.jwt, server)) };
}

/** What could be read, or what is wrong with it. */
type ReadResult<T> = { value?: T; problems: readonly string[] };

function tryRead<T>(read: () => T): ReadResult<T> {
  try {
    return { value: read(), problems: [] };
  } catch (error) {
    return { problems: toFault(error).message.split("\n") };
  }
}

function* settingsFindings(read: readonly ReadResult<unknown>[]): Generator<Finding> {
  const problems = new Set(read.flatMap((each) => each.problems));
  for (const problem of problems) yield { check: "settings", ...fault(problem) };
  if (problems.size === 0) yield { check: "settings", ...ok("can be read") };
}

async function* encoderFindings(presetsDir: string | undefined): AsyncGenerator<Finding> {
  try {
    yield* tryEncoders([...(await loadPresets(presetsDir)).values()]);
  } catch (error) {
    yield { check: "presets", ...fault(toFault(error).message, "flux presets check shows more") };
  }
}

async function* workerFindings(config: WorkerConfig, hasFfmpeg: boolean): AsyncGenerator<Finding> {
  if (hasFfmpeg) yield* sandboxFindings(config);
  yield { check: "work dir", ...(await checkWorkDir(config)) };
  const { default: usual, records, uploads } = config.storage;
  for (const name of new Set([usual, records, uploads?.storage ?? usual])) {
    yield* storageFindings(config.storage, name);
  }
  yield { check: "grpc port", ...(await checkGrpcPort(config)) };
}

async function* sandboxFindings({ sandbox, maxOutputBytes }: WorkerConfig): AsyncGenerator<Finding> {
  try {
    const { notes } = await openSandbox({ sandbox, maxFileBytes: maxOutputBytes, cores: 1 });
    const advice = "install bubblewrap and allow user namespaces, or accept it with SANDBOX=none";
    for (const note of notes) yield { check: "sandbox", ...warning(note, sandbox === "none" ? undefined : advice) };
    if (notes.length === 0) yield { check: "sandbox", ...ok("ffmpeg runs in bubblewrap, under limits of the kernel") };
  } catch (error) {
    yield { check: "sandbox", ...fault(toFault(error).message, "install bubblewrap and allow user namespaces") };
  }
}

async function* storageFindings(config: StorageConfig, name: StorageConfig["default"]): AsyncGenerator<Finding> {
  const tried: string[] = [];
  let isWell = true;
  for await (const finding of tryStorage(config, name)) {
    if (finding.state === "ok") tried.push(finding.check);
    else yield { ...finding, check: "storage", message: `${name}, ${finding.check}: ${finding.message}` };
    isWell &&= finding.state !== "fault";
  }
  if (isWell) yield { check: "storage", ...ok(`${name}: ${tried.join(", ")} work`) };
}

async function* controlplaneFindings(config: ControlplaneConfig): AsyncGenerator<Finding> {
  yield { check: "port", ...(await checkHttpPort(config)) };
  for (const node of config.workers) {
    const srv = parseSrv(node);
    const named = srv && (await checkSrv(srv, config));
    for (const verdict of named?.verdicts ?? []) yield { check: "dns", ...verdict };
    for (const address of named?.addresses ?? [node])
      yield { check: "worker", ...(await checkWorker(address, config)) };
  }
}
