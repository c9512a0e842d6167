import type { Context } from "hono";
import ipaddr from "ipaddr.js";
import { type Cidrs, isAmong } from "#shared/net/addresses.ts";
import type { AppEnv } from "./env.ts";

/** The address of the client that sent a request, as far as trusted proxies tell. */
export function addressOf(c: Context<AppEnv>, trustedProxies: Cidrs): string {
  const peer = c.env?.server?.requestIP(c.req.raw)?.address ?? "unknown";
  return senderAt(peer, c.req.header("X-Forwarded-For"), trustedProxies);
}

/**
 * Finds the client in X-Forwarded-For. Each proxy appends the address that it heard from, so that the last address
 * which is no trusted proxy is the client. What stands before a hop that cannot be parsed may be forged: then the
 * client is the proxy that wrote that hop.
 */
export function senderAt(peer: string, forwardedFor: string | undefined, trustedProxies: Cidrs): string {
  if (trustedProxies.length === 0 || !isAmong(peer, trustedProxies)) return network(peer);
  const hops = (forwardedFor ?? "").split(",").flatMap((hop) => hop.trim() || []);
  let teller = peer;
  for (const hop of hops.toReversed()) {
    const address = addressIn(hop);
    if (address === undefined) return network(teller);
    if (!isAmong(address, trustedProxies)) return network(address);
    teller = address;
  }
  return network(peer);
}

const withPort = /^(?:\[([0-9a-f:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/i;

/** Parses a hop, which some proxies write with a port. */
function addressIn(hop: string): string | undefined {
  const [, ipv6, ipv4] = withPort.exec(hop) ?? [];
  const address = ipv6 ?? ipv4 ?? hop;
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isAddress ? address : undefined;
}

// A client with one IPv6 address most often has its whole /64, which therefore counts as one.
function network(text: string): string {
  if (!text.includes(":") || !ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/64`)}/64`;
}
