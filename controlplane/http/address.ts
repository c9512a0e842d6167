import type { Context } from "hono";
import ipaddr from "ipaddr.js";
import { type Cidrs, isAmong } from "#shared/net/addresses.ts";
import type { AppEnv } from "./env.ts";

/** Where a request comes from, as far as the proxies that are trusted tell. */
export function addressOf(c: Context<AppEnv>, trustedProxies: Cidrs): string {
  const peer = c.env?.server?.requestIP(c.req.raw)?.address ?? "unknown";
  return senderAt(peer, c.req.header("X-Forwarded-For"), trustedProxies);
}

/** Each proxy adds whom it heard from at the end: the last that is no proxy of ours is the sender. */
export function senderAt(peer: string, forwardedFor: string | undefined, trustedProxies: Cidrs): string {
  if (trustedProxies.length === 0 || !isAmong(peer, trustedProxies)) return network(peer);
  const hops = [...(forwardedFor ?? "").split(",").map((hop) => hop.trim()), peer].filter(ipaddr.isValid);
  const sender = hops.findLast((hop) => !isAmong(hop, trustedProxies));
  return network(sender ?? peer);
}

// Whoever has one IPv6 address most often has a /64 of them.
function network(text: string): string {
  if (!text.includes(":") || !ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (address.kind() === "ipv4") return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/64`)}/64`;
}
