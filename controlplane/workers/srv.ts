import { isLoopback } from "#shared/net/loopback.ts";

/** An entry of WORKER_NODES that names an SRV record, whose targets are the workers. */
export type SrvEntry = {
  /** As WORKER_NODES has it. */
  readonly entry: string;
  /** What DNS is asked for: `_grpc._tcp.worker.example.com`. */
  readonly name: string;
  /** What follows service and protocol in it; only targets at or below it are taken. */
  readonly domain: string;
  /** Whether the workers are spoken to by TLS. */
  readonly isSecure: boolean;
};

export type SrvTarget = { name: string; port: number };

const longestName = 253;
const srvPattern = /^srv(\+https)?:\/\/(_[a-z0-9-]+\._[a-z0-9-]+\.((?:[a-z0-9_-]+\.)*[a-z0-9_-]+))\.?$/;

/** Reads `srv://_service._proto.domain` or `srv+https://...` in lower case; undefined for any other text. */
export function parseSrv(entry: string): SrvEntry | undefined {
  const [, secure, name = "", domain = ""] = srvPattern.exec(entry) ?? [];
  return name && name.length <= longestName ? { entry, name, domain, isSecure: secure !== undefined } : undefined;
}

/** What an answer of DNS names: the addresses of workers, sorted, and each target that is refused, with the reason. */
export type Named = { addresses: readonly string[]; refused: readonly { target: string; reason: string }[] };

/**
 * Takes from an answer what may be a worker. An answer may be forged, and the workers are sent WORKER_TOKEN: a target
 * must lie within the domain that was asked for, and be on this machine if neither TLS nor a setting protects it.
 */
export function namedBy(srv: SrvEntry, targets: readonly SrvTarget[], allowsPlaintext: boolean): Named {
  const addresses = new Set<string>();
  const refused: Named["refused"][number][] = [];
  for (const { name, port } of targets) {
    const host = name.toLowerCase().replace(/\.$/, "");
    // A single target "." says that there is no such service (RFC 2782).
    if (host === "") continue;
    const reason = whyRefused(srv, host, port, allowsPlaintext);
    if (reason) refused.push({ target: `${host}:${port}`, reason });
    else addresses.add(`${srv.isSecure ? "https://" : ""}${host}:${port}`);
  }
  return { addresses: [...addresses].sort(), refused };
}

const hostPattern = /^[a-z0-9._-]+$/;

function whyRefused({ domain, isSecure }: SrvEntry, host: string, port: number, allowsPlaintext: boolean) {
  if (!hostPattern.test(host)) return "it is no name of a host";
  if (host !== domain && !host.endsWith(`.${domain}`)) return `it is not below ${domain}`;
  if (port === 0) return "it has no port";
  if (!isSecure && !allowsPlaintext && !isLoopback(host)) return "it is beyond loopback without TLS";
  return undefined;
}
