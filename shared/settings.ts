import * as v from "valibot";
import { flag, setting } from "./env.ts";
import { logLevels } from "./log.ts";
import { cidrs } from "./net/addresses.ts";
import { hostRules } from "./net/hosts.ts";
import { tracingSettings } from "./tracing/settings.ts";

const token = v.pipe(
  v.string(),
  v.regex(
    /^[!-;=?-~]+$/,
    "put a random token there: ASCII without blanks, < and >, such as `openssl rand -hex 16` makes",
  ),
);

/** The settings that a worker and a control plane have in common, besides those of storages and TLS. */
export const commonSettings = {
  INPUT_HOSTS: setting(
    "hosts that inputs may come from, such as *.example.com, comma separated, and after ! those that they may not; default: any",
    hostRules,
    "",
  ),
  ALLOWED_PRIVATE_CIDRS: setting(
    "private networks that inputs and callbacks may lead to, comma separated; metadata services never",
    cidrs,
    "",
  ),
  WORKER_TOKEN: setting("the bearer token of every gRPC call, the same on both sides", token),
  INSECURE_GRPC: setting("allows gRPC without TLS beyond loopback, for a private network", flag, "false"),
  ...tracingSettings,
  LOG_LEVEL: setting(
    `how much is logged: ${logLevels.join(", ")}`,
    v.picklist(logLevels, `use one of ${logLevels.join(", ")}`),
    "info",
  ),
};
