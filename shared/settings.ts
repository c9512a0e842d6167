import * as v from "valibot";
import { flag } from "./env.ts";
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
  INPUT_HOSTS: v.pipe(
    v.optional(hostRules, ""),
    v.description(
      "hosts that inputs may come from, such as *.example.com, comma separated, and after ! those that they may not; default: any",
    ),
  ),
  ALLOWED_PRIVATE_CIDRS: v.pipe(
    v.optional(cidrs, ""),
    v.description("private networks that inputs and callbacks may lead to, comma separated; metadata services never"),
  ),
  WORKER_TOKEN: v.pipe(v.optional(token), v.description("the bearer token of every gRPC call, the same on both sides")),
  INSECURE_GRPC: v.pipe(
    v.optional(flag, "false"),
    v.description("allows gRPC without TLS beyond loopback, for a private network"),
  ),
  ...tracingSettings,
  LOG_LEVEL: v.pipe(
    v.optional(v.picklist(logLevels, `use one of ${logLevels.join(", ")}`), "info"),
    v.description(`how much is logged: ${logLevels.join(", ")}`),
  ),
};
