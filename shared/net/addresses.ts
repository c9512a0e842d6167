import ipaddr from "ipaddr.js";
import * as v from "valibot";
import { list } from "#shared/env.ts";
import { metadataServices, specialRanges } from "./special-ranges.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = [Address, number];
export type Cidrs = readonly Cidr[];

/** What kind of network an address belongs to. `range` names a special range and the RFC that reserves it. */
export type AddressKind = { kind: "public" } | { kind: "special"; range: string } | { kind: "metadata" };

/**
 * Whether an address may be connected to: public ones always, special ones if a range allows it, metadata services
 * never.
 */
export function mayConnect(text: string, allowedCidrs: Cidrs): boolean {
  const { kind } = addressKind(text);
  if (kind !== "special") return kind === "public";
  return isAmong(text, allowedCidrs);
}

/** Reads any spelling of an address; IPv6 that stands for an IPv4 address (mapped, NAT64) counts as that one. */
export function addressKind(text: string): AddressKind {
  const address = parseAddress(text);
  if (!address) return { kind: "special", range: "not an IP address" };
  if ([address, ...carriedBy(address)].some(isMetadata)) return { kind: "metadata" };
  const special = ranges.find(({ cidr }) => isWithin(address, cidr));
  if (special) return { kind: "special", range: special.name };
  const unassigned = address.kind() === "ipv6" && !isWithin(address, globalUnicast);
  return unassigned ? { kind: "special", range: "unassigned, RFC 4291" } : { kind: "public" };
}

/** Comma separated IPv4 and IPv6 ranges such as `10.0.0.0/8, fd12::/16`; an address alone is a range of one. */
export const cidrs = v.pipe(
  list,
  v.rawTransform(({ dataset, addIssue }) =>
    dataset.value.flatMap((entry): Cidr[] => {
      const range = parseCidr(entry);
      if (!range) addIssue({ message: `${entry} is not a range of addresses; write 10.0.0.0/8 or fd12::/16` });
      return range ? [range] : [];
    }),
  ),
);

/** Whether an address, in any spelling, is in one of these ranges. */
export function isAmong(text: string, cidrs: Cidrs): boolean {
  const address = parseAddress(text);
  return address !== undefined && cidrs.some((range) => isWithin(address, range));
}

function parseAddress(text: string): Address | undefined {
  // ipaddr.js takes ::1.2.3.4 for ::ffff:1.2.3.4, and a zone for a part of the address.
  const plain = text.replace(/%.*$/, "").replace(/^::(?=\d+\.)/, "::0:");
  if (!ipaddr.isValid(plain)) return undefined;
  const address = ipaddr.process(plain);
  return isWithin(address, nat64) ? ipaddr.fromByteArray(address.toByteArray().slice(12)) : address;
}

function parseCidr(text: string): Cidr | undefined {
  const range = text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(range) || ipaddr.IPv6.isValidCIDR(range)
    ? ipaddr.parseCIDR(range)
    : undefined;
}

const isWithin = (address: Address, [network, bits]: Cidr) =>
  address.kind() === network.kind() && address.match([network, bits]);

const isMetadata = (address: Address) => services.has(address.toNormalizedString());

/** IPv4 addresses inside an IPv6 address by which some gateway could be reached. */
const carriedBy = (address: Address): Address[] =>
  carriers
    .filter(({ cidr }) => isWithin(address, cidr))
    .map(({ bytes, flip }) => {
      const all = address.toByteArray();
      return ipaddr.fromByteArray(bytes.map((at) => (all[at] ?? 0) ^ flip));
    });

const nat64 = ipaddr.parseCIDR("64:ff9b::/96"); // RFC 6052
const globalUnicast = ipaddr.parseCIDR("2000::/3"); // RFC 4291, section 2.4
const services = new Set(metadataServices.map((text) => ipaddr.parse(text).toNormalizedString()));
const ranges = specialRanges.map(([cidr, name]) => ({ cidr: ipaddr.parseCIDR(cidr), name }));

const carriers = [
  { cidr: ipaddr.parseCIDR("::/96"), bytes: [12, 13, 14, 15], flip: 0 }, // RFC 4291, IPv4-compatible
  { cidr: ipaddr.parseCIDR("::ffff:0:0:0/96"), bytes: [12, 13, 14, 15], flip: 0 }, // RFC 2765
  { cidr: ipaddr.parseCIDR("64:ff9b:1::/48"), bytes: [12, 13, 14, 15], flip: 0 }, // RFC 8215 with a /96
  { cidr: ipaddr.parseCIDR("64:ff9b:1::/48"), bytes: [6, 7, 9, 10], flip: 0 }, // RFC 8215 with a /48
  { cidr: ipaddr.parseCIDR("2002::/16"), bytes: [2, 3, 4, 5], flip: 0 }, // RFC 3056, 6to4
  { cidr: ipaddr.parseCIDR("2001::/32"), bytes: [4, 5, 6, 7], flip: 0 }, // RFC 4380, Teredo's server
  { cidr: ipaddr.parseCIDR("2001::/32"), bytes: [12, 13, 14, 15], flip: 0xff }, // RFC 4380, Teredo's client
];
