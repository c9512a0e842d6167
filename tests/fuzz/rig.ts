import { pino } from "pino";
import { Fault } from "#shared/fault.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { slowness } from "#tests/support/slowness.ts";
import { readConfig } from "#worker/config.ts";
import { start } from "#worker/start.ts";

export const apiKey = "a-key-for-the-fuzzer";

/** A real control plane and a real worker in this process, whose sources all fail at once. */
export async function startRig() {
  const folder = await temporaryFolder();
  /** Everything that went wrong unexpectedly, in either part. */
  const errors: string[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => void errors.push(line) });
  const env = {
    GRPC_PORT: "0",
    WORK_DIR: `${folder.path}/work`,
    LOCAL_ROOT: `${folder.path}/out`,
    AUTO_STOP: "false",
    MAX_CONCURRENT_JOBS: "50",
    ALLOWED_PRIVATE_CIDRS: "127.0.0.0/8",
  };
  const worker = await start(readConfig(env), {
    log,
    openSource: async () => {
      throw new Fault("source_failed", "there are no sources here");
    },
  });
  const service = await startTestControlPlane({
    workers: [`127.0.0.1:${worker.port}`],
    settings: {
      API_KEY: apiKey,
      HOST: "127.0.0.1",
      RATE_LIMIT: "1000000/1s",
      MAX_JOBS_PER_CLIENT: "1000",
      MAX_STREAMS_PER_CLIENT: "1000",
    },
    deps: { log },
  });
  return {
    errors,
    url: service.url,
    workerAddress: `127.0.0.1:${worker.port}`,
    async [Symbol.asyncDispose]() {
      await service.stop();
      await worker.drain(0);
      await folder[Symbol.asyncDispose]();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

/** Runs cases, some at a time; one that takes too long has hung. */
export async function runCases(count: number, run: (n: number) => Promise<string | undefined>): Promise<string[]> {
  const complaints: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count && complaints.length < 10) {
      const n = next;
      next += 1;
      const hang = Promise.withResolvers<string>();
      const timer = setTimeout(() => hang.resolve(`case ${n} hangs`), 15_000 * slowness());
      const complaint = await Promise.race([run(n), hang.promise]);
      clearTimeout(timer);
      if (complaint) complaints.push(complaint);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return complaints;
}
