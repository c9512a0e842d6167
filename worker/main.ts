import { helpOrVersion } from "#shared/cli-help.ts";
import { toFault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { readWithAdvice, settingAdvice } from "#shared/setting-advice.ts";
import { credentialsProblem } from "#shared/storage/s3/credentials.ts";
import { adviceOn } from "./advice.ts";
import { readConfig } from "./config.ts";
import { drainOnSignal, exitCodeOfFailure, exitCodeOfStop } from "./exit.ts";
import { start } from "./start.ts";

async function main() {
  const help = helpOrVersion(
    "worker",
    "Encodes video with ffmpeg and delivers it to a storage.",
    process.argv.slice(2),
  );
  if (help) {
    console.log(help);
    return 0;
  }
  const config = readWithAdvice("worker", process.env, readConfig);
  if (process.argv[2] === "healthcheck") {
    const { checkHealth } = await import("./healthcheck.ts");
    await checkHealth(config);
    return 0;
  }

  const log = makeLog("worker", { level: config.logLevel });
  const worker = await start(config, { log });
  drainOnSignal(worker, log);
  for (const advice of [...adviceOn(config), ...settingAdvice("worker", process.env)]) log.warn(advice);
  if ([config.storage.default, config.storage.records].includes("s3"))
    void credentialsProblem(process.env).then((problem) => problem && log.error(problem));
  setTimeout(releaseMemory, settledMs).unref();
  const isLeft = await worker.stopped;
  log.info({ jobs_left: isLeft }, "worker stops");
  return exitCodeOfStop(isLeft);
}

/** After this long, what only the start needed is garbage. */
const settledMs = 2_000;

/** Returns to the system what only the start needed: a worker may wait long for its first job. */
function releaseMemory() {
  Bun.gc(true);
  Bun.shrink();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const fault = toFault(error);
    console.error(fault.kind === "invalid" ? fault.message : error);
    process.exit(exitCodeOfFailure(error));
  },
);
