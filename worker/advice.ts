import { isLoopback } from "#shared/net/loopback.ts";
import type { Config } from "./config.ts";

/** Warnings about settings that are valid, but most likely not meant in this combination. */
export function adviceOn({
  host,
  autoStop,
  tls,
  isInsecure,
}: Pick<Config, "host" | "autoStop" | "tls" | "isInsecure">) {
  const isMeantForOthers = autoStop || isInsecure || tls !== undefined;
  if (!isLoopback(host) || !isMeantForOthers) return [];
  return [
    `GRPC_HOST is ${host}: only this machine reaches this worker. For a control plane elsewhere set GRPC_HOST=0.0.0.0, with ` +
      "GRPC_TLS_CERT and GRPC_TLS_KEY, or with INSECURE_GRPC=true on a private network; for one here AUTO_STOP=false, " +
      "because nothing starts a worker again that stops itself",
  ];
}
