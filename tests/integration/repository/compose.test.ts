import { expect, test } from "bun:test";
import { parse } from "yaml";
import { read } from "#tests/support/deployments.ts";

const compose = parse(await read("compose.yaml"), { merge: true });
const services = Object.entries<Service>(compose.services);

type Service = {
  build?: { target: string };
  image: string;
  networks: string[];
  volumes?: string[];
  depends_on?: string[] | Record<string, unknown>;
  environment?: Record<string, string>;
};

test("services name networks, volumes, stages and other services that are there", async () => {
  const stages = [...(await read("Dockerfile")).matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
  const all = services.map(([, service]) => service);
  const unknown = {
    networks: all.flatMap(({ networks }) => networks).filter(isMissingIn(compose.networks)),
    volumes: all.flatMap(({ volumes = [] }) => volumes.map(sourceOf)).filter(isMissingIn(compose.volumes)),
    services: all.flatMap(dependencies).filter(isMissingIn(compose.services)),
    stages: all.flatMap(({ build }) => build?.target ?? []).filter((target) => !stages.includes(target)),
  };
  expect(unknown).toEqual({ networks: [], volumes: [], services: [], stages: [] });
});

const isMissingIn = (named: object) => (name: string) => !Object.hasOwn(named, name);
const sourceOf = (volume: string) => volume.split(":")[0] ?? "";
const dependencies = ({ depends_on = [] }: Service) =>
  Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);

test("every worker has a volume of its own and is named to the control plane", () => {
  const workers = services.filter(([, { build }]) => build?.target === "worker");
  const nodes = compose.services.controlplane.environment.WORKER_NODES.split(",");
  expect(workers.map(([name]) => `${name}:50051`)).toEqual(nodes);
  const volumes = workers.flatMap(([, service]) => service.volumes ?? []);
  expect(new Set(volumes).size).toBe(workers.length);
});

test("gRPC stays in a network without a way out", () => {
  expect(compose.networks.inside).toEqual({ internal: true });
  for (const [, { environment, networks }] of services)
    if (environment?.["INSECURE_GRPC"]) expect(networks).toContain("inside");
});

test("orders wait on a volume, whose folder the image has with its owner", async () => {
  const { environment, volumes } = compose.services.controlplane;
  const folder = environment.QUEUE_URL.replace(/^sqlite:(.*)\/[^/]+$/, "$1");
  expect(volumes.map((volume: string) => volume.split(":")[1])).toContain(folder);
  expect(await read("Dockerfile")).toMatch(new RegExp(`install -d -o flux .* ${folder}$`, "m"));
});
