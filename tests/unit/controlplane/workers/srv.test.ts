import { expect, test } from "bun:test";
import { namedBy, parseSrv } from "#controlplane/workers/srv.ts";

const read = (entry: string) => {
  const srv = parseSrv(entry);
  if (!srv) throw new Error(`not read: ${entry}`);
  return srv;
};

test("an entry names a service, a protocol and a domain", () => {
  const name = "_grpc._tcp.worker.flux.svc.cluster.local";
  const read = { name, domain: "worker.flux.svc.cluster.local" };
  expect(parseSrv(`srv://${name}`)).toEqual({ entry: `srv://${name}`, ...read, isSecure: false });
  expect(parseSrv(`srv+https://${name}.`)).toEqual({ entry: `srv+https://${name}.`, ...read, isSecure: true });
});

test.each([
  "srv://worker.example.com",
  "srv://_grpc.worker.example.com",
  "srv://_grpc._tcp",
  "srv://_grpc._tcp.",
  "srv://_grpc._tcp.example.com:53",
  "srv+http://_grpc._tcp.example.com",
  "https://_grpc._tcp.example.com",
  `srv://_grpc._tcp.${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.com`,
])("%s is no entry", (entry) => expect(parseSrv(entry)).toBeUndefined());

test("each target is an address, whichever way it is written, and each is named once", () => {
  const targets = [
    { name: "B.Example.com.", port: 2 },
    { name: "a.example.com", port: 1 },
    { name: "b.example.com", port: 2 },
    { name: "example.com", port: 3 },
  ];
  const plain = namedBy(read("srv://_grpc._tcp.example.com"), targets, true);
  expect(plain).toEqual({ addresses: ["a.example.com:1", "b.example.com:2", "example.com:3"], refused: [] });
  const secure = namedBy(read("srv+https://_grpc._tcp.example.com"), targets.slice(0, 1), false);
  expect(secure.addresses).toEqual(["https://b.example.com:2"]);
});

test.each([
  ["a.example.org", 1, "it is not below example.com"],
  ["badexample.com", 1, "it is not below example.com"],
  ["com", 1, "it is not below example.com"],
  ["127.0.0.1", 1, "it is not below example.com"],
  ["a/.example.com", 1, "it is no name of a host"],
  ["a.example.com", 0, "it has no port"],
])("a target %s:%d is refused, because %s", (name, port, reason) => {
  const named = namedBy(read("srv://_grpc._tcp.example.com"), [{ name, port }], true);
  expect(named).toEqual({ addresses: [], refused: [{ target: `${name}:${port}`, reason }] });
});

test("without TLS, and without the setting that allows that, only this machine is taken", () => {
  const targets = [
    { name: "localhost", port: 1 },
    { name: "a.localhost", port: 2 },
  ];
  expect(namedBy(read("srv://_grpc._tcp.localhost"), targets, false)).toEqual({
    addresses: ["localhost:1"],
    refused: [{ target: "a.localhost:2", reason: "it is beyond loopback without TLS" }],
  });
});

test("a target of nothing says that there is no such service", () => {
  const named = namedBy(read("srv://_grpc._tcp.example.com"), [{ name: "", port: 0 }], true);
  expect(named).toEqual({ addresses: [], refused: [] });
});
