import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressKind, type Cidrs, mayConnect } from "#shared/net/addresses.ts";
import { RequestFailure } from "./request-failure.ts";

/** Looks up the addresses of a host name. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

export type HostAddress = { address: string; family: number };

/** All addresses of a URL's host. Throws when any of them may not be connected to. */
export async function checkedAddresses(url: URL, allowedCidrs: Cidrs, resolve: Resolve): Promise<HostAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [host] : await resolve(host);
  if (addresses.length === 0) throw new RequestFailure("has a host name without an address");
  const refused = addresses.find((address) => !mayConnect(address, allowedCidrs));
  if (refused !== undefined) throw refusal(host, refused);
  return addresses.map((address) => ({ address, family: isIP(address) }));
}

function refusal(host: string, address: string): RequestFailure {
  const found = addressKind(address);
  const message =
    found.kind === "special"
      ? "is at a private address; ALLOWED_PRIVATE_CIDRS can allow it"
      : "is at a cloud's metadata service, which is never allowed";
  return new RequestFailure(message, { cause: new Error(`${host} leads to ${address}: ${Object.values(found)}`) });
}
