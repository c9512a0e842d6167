import { isLoopback } from "#shared/net/loopback.ts";
import type { Config } from "./config.ts";

/** What settings that are right each for itself most likely were not meant to say together. */
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
