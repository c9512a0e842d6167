import type { Link } from "./link.ts";

/** The attributes of the span of a call to a worker. */
export function callTo({ address }: Link, method: string) {
  const { hostname, port } = new URL(address.replace(/^(https:\/\/)?/, "grpc://"));
  return {
    "rpc.system.name": "grpc",
    "rpc.method": method,
    "server.address": hostname,
    "server.port": Number(port),
  };
}
