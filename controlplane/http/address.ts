import type { Context } from "hono";
import ipaddr from "ipaddr.js";
import { type Cidrs, isAmong } from "#shared/net/addresses.ts";
import type { AppEnv } from "./env.ts";

/** Where a request comes from, as far as the proxies that are trusted tell. */
export function addressOf(c: Context<AppEnv>, trustedProxies: Cidrs): string {
  const peer = c.env?.server?.requestIP(c.req.raw)?.address ?? "unknown";
  return senderAt(peer, c.req.header("X-Forwarded-For"), trustedProxies);
}

/**
 * Each proxy adds whom it heard from at the end: the last that is no proxy of ours is the sender. What stands before a
 * hop that cannot be read may be forged: then the sender is the proxy that could not say from whom it heard.
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

/** The address of a hop, which some proxies write with its port. */
function addressIn(hop: string): string | undefined {
  const [, ipv6, ipv4] = withPort.exec(hop) ?? [];
  const address = ipv6 ?? ipv4 ?? hop;
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isAddress ? address : undefined;
}

// Whoever has one IPv6 address most often has a /64 of them.
function network(text: string): string {
  if (!text.includes(":") || !ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/64`)}/64`;
}
