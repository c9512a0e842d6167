/** The `bootstrap` of a custom runtime: takes events from Lambda's runtime API and gives back the answers. */
import { adviceOn } from "#controlplane/advice.ts";
import { readConfig } from "#controlplane/config.ts";
import { toFault } from "#shared/fault.ts";
import { readWithAdvice, settingAdvice } from "#shared/setting-advice.ts";
import { lambdaHandler } from "./handler.ts";

// Whoever knows the function's address may call it: keys are required as they are for a public port.
const config = settingsOrExit({ ...process.env, HOST: "0.0.0.0" });
const handler = lambdaHandler(config);
const runtime = `http://${process.env["AWS_LAMBDA_RUNTIME_API"]}/2018-06-01/runtime/invocation`;

async function serveNext() {
  // The next event may be hours away.
  const next = await fetch(`${runtime}/next`, { timeout: false });
  const id = next.headers.get("Lambda-Runtime-Aws-Request-Id");
  const report = (outcome: "response" | "error", body: unknown) =>
    fetch(`${runtime}/${id}/${outcome}`, { method: "POST", body: JSON.stringify(body) });
  try {
    await report("response", await handler(JSON.parse(await next.text())));
  } catch (error) {
    console.error(error);
    await report("error", { errorType: "internal", errorMessage: "the event could not be answered" });
  }
}

function settingsOrExit(env: NodeJS.ProcessEnv) {
  try {
    return readWithAdvice("controlplane", env, readConfig);
  } catch (error) {
    console.error(toFault(error).message);
    // EX_CONFIG of sysexits.h.
    process.exit(78);
  }
}

async function main() {
  for (const advice of [...adviceOn(config), ...settingAdvice("controlplane", process.env)]) console.warn(advice);
  while (true) await serveNext();
}

void main();
