import ipaddr from "ipaddr.js";
import { orUndefined } from "#shared/errors.ts";
import { invalidField } from "#shared/fault.ts";
import { addressKind, type Cidrs, mayConnect } from "./addresses.ts";
import { type HostRules, mayAsk } from "./hosts.ts";

/** Which URLs may be fetched. `schemes` are written without the colon: `https`, `http`. */
export type UrlRules = {
  /** Without the colon, such as `https`. */
  schemes: readonly string[];
  /** The private ranges that URLs may lead to. */
  allowedCidrs: Cidrs;
  /** Default: any host. */
  hosts?: HostRules;
};

const maxLength = 8_192;

/** The URL of a source; throws an `invalid` Fault. What a name resolves to is checked only when connecting. */
export function checkedInputUrl(text: string, rules: UrlRules): URL {
  if (text.length > maxLength) throw invalidField("input_url", `is longer than ${maxLength} characters`);
  const url = URL.parse(text);
  if (!url) throw invalidField("input_url", "is not a URL; write one such as https://example.com/source.mp4");
  const reason = refusalOf(url, rules);
  if (reason) throw invalidField("input_url", reason);
  return url;
}

/**
 * Why a URL may not be fetched, as far as its text tells. Of schemes other than http and https only the name is
 * checked.
 */
export function refusalOf(url: URL, { schemes, allowedCidrs, hosts }: UrlRules): string | undefined {
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return `the scheme ${scheme} is not allowed; use ${schemes.join(" or ")}`;
  if (!webSchemes.includes(scheme)) return undefined;
  if (!isEncoded(url.username) || !isEncoded(url.password)) return "holds a user or password with a stray % sign";
  if (hosts && !mayAsk(url.hostname.replace(/\.$/, ""), hosts)) return "is at a host that INPUT_HOSTS does not allow";
  // WHATWG URL has turned every spelling of an IPv4 address into the dotted one.
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  return ipaddr.isValid(host) ? refusalOfAddress(host, allowedCidrs) : refusalOfName(host, allowedCidrs);
}

const webSchemes = ["https", "http"];

const isEncoded = (text: string) => orUndefined(() => decodeURIComponent(text)) !== undefined;

function refusalOfAddress(address: string, allowedCidrs: Cidrs): string | undefined {
  if (mayConnect(address, allowedCidrs)) return undefined;
  const found = addressKind(address);
  return found.kind === "special"
    ? `leads to a private address (${found.range}); ALLOWED_PRIVATE_CIDRS can allow it`
    : metadataRefusal;
}

const metadataRefusal = "leads to a cloud's metadata service, which is never allowed";
const metadataNames = ["metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"];

const loopback = ["127.0.0.1", "::1"];
const isLoopbackName = (name: string) => name === "localhost" || name.endsWith(".localhost"); // RFC 6761
// RFC 6762, RFC 8375, and the name ICANN keeps for private use.
const isLocalName = (name: string) => /(^|\.)(local|internal|home\.arpa|localdomain)$/.test(name);

function refusalOfName(name: string, allowedCidrs: Cidrs): string | undefined {
  if (metadataNames.includes(name)) return metadataRefusal;
  const allowed = isLoopbackName(name)
    ? loopback.some((address) => mayConnect(address, allowedCidrs))
    : !isLocalName(name) || allowedCidrs.length > 0;
  return allowed ? undefined : `${name} is a local name; ALLOWED_PRIVATE_CIDRS can allow its address`;
}
