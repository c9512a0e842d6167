import { helpOrVersion } from "#shared/cli-help.ts";
import { toFault } from "#shared/fault.ts";
import { makeLog } from "#shared/log.ts";
import { readWithAdvice, settingAdvice } from "#shared/setting-advice.ts";
import { credentialsProblem } from "#shared/storage/s3/credentials.ts";
import { adviceOn } from "./advice.ts";
import { readConfig } from "./config.ts";
import { start } from "./start.ts";

// EX_CONFIG of sysexits.h.
const badSettings = 78;

const main = async () => {
  const help = helpOrVersion("controlplane", "Serves the REST API and the dashboard.", process.argv.slice(2));
  if (help) {
    console.log(help);
    process.exit(0);
  }
  if (process.argv[2] === "healthcheck") process.exit((await isHealthy()) ? 0 : 1);

  const config = readWithAdvice("controlplane", process.env, readConfig);
  const log = makeLog("controlplane", { level: config.logLevel });
  const controlPlane = await start(config, { log });
  for (const advice of [...adviceOn(config), ...settingAdvice("controlplane", process.env)]) log.warn(advice);
  if (config.readsRecords && config.storage.records === "s3")
    void credentialsProblem(process.env).then((problem) => problem && log.error(problem));
  const stopping = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopping.resolve());
  await stopping.promise;
  await controlPlane.stop();
  process.exit(0);
};

async function isHealthy() {
  const { PORT } = process.env;
  const asked = fetch(`http://127.0.0.1:${PORT || 8080}/healthz`, { signal: AbortSignal.timeout(2_000) });
  return (await asked.catch(() => undefined))?.ok ?? false;
}

main().catch((error) => {
  const { kind, message } = toFault(error);
  console.error(kind === "invalid" ? message : error);
  process.exit(kind === "invalid" ? badSettings : 1);
});
