/** A worker as it is started everywhere, but for the DNS it asks, and for time-outs that are short enough for a test. */

import { makeLog } from "#shared/log.ts";
import { resolverAt } from "#tests/support/dns-stub.ts";
import { readConfig } from "#worker/config.ts";
import { clientSources } from "#worker/source/client-sources.ts";
import { start } from "#worker/start.ts";

const { DNS_PORT, ...env } = process.env;
const config = readConfig(env);
const sources = clientSources({
  ...config.source,
  resolve: resolverAt(Number(DNS_PORT)).resolve,
  connectTimeoutMs: 500,
  answerTimeoutMs: 300,
  silenceTimeoutMs: 300,
  speedWindowMs: 300,
  retry: { firstPauseMs: 1, withinMs: 50 },
});
await start(config, { log: makeLog("worker", { level: config.logLevel }), ...sources });
