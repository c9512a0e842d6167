import { toFault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { explanation } from "#shared/usage.ts";
import { readConfig } from "./config.ts";
import { start } from "./start.ts";

/** sysexits.h: the settings are wrong; and: there is more to do, start me again. */
const [EX_CONFIG, EX_TEMPFAIL] = [78, 75];

async function main() {
  const explained = explanation(
    "worker",
    "Encodes video with ffmpeg and delivers it to a storage.",
    process.argv.slice(2),
  );
  if (explained) {
    console.log(explained);
    return 0;
  }
  const config = readConfig(process.env);
  if (process.argv[2] === "healthcheck") {
    const { checkHealth } = await import("./healthcheck.ts");
    await checkHealth(config);
    return 0;
  }

  const log = makeLog("worker", { level: config.logLevel });
  const worker = await start(config, { log });
  setTimeout(giveBack, restMs).unref();
  const drain = (signal: string) => {
    log.info({ signal }, "draining");
    void worker.drain();
  };
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      drain(signal);
      // Who asks twice does not want to wait.
      process.once(signal, () => void worker.drain(0));
    });
  }
  const isLeft = await worker.stopped;
  log.info({ jobs_left: isLeft }, "worker stops");
  return isLeft ? EX_TEMPFAIL : 0;
}

// What only the start needed: a worker may wait long for its first job.
const restMs = 2_000;

function giveBack() {
  Bun.gc(true);
  Bun.shrink();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const fault = toFault(error);
    console.error(fault.kind === "invalid" ? fault.message : error);
    process.exit(fault.kind === "invalid" ? EX_CONFIG : 1);
  },
);
