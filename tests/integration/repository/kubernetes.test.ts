import { expect, test } from "bun:test";
import { documents, read } from "#tests/support/deployments.ts";

const folder = "deploy/kubernetes";
const [kustomization] = await documents(`${folder}/kustomization.yaml`);
const objects = (
  await Promise.all(kustomization.resources.map((file: string) => documents(`${folder}/${file}`)))
).flat();
const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
const named = (kind: string, name: string) => ofKind(kind).find(({ metadata }) => metadata.name === name);
const workloads = [...ofKind("Deployment"), ...ofKind("StatefulSet")];
const podOf = ({ spec }: { spec: { template: { spec: unknown } } }) => spec.template.spec as Pod;
const containers = workloads.flatMap((workload) => podOf(workload).containers);

type Probe = { httpGet?: { port: string } };
type Reference = { secretKeyRef?: { name: string; key: string } };
type Container = {
  image: string;
  env: { name: string; value?: string; valueFrom?: Reference }[];
  envFrom: { configMapRef: { name: string } }[];
  ports: { name: string; containerPort: number }[];
  readinessProbe: Probe;
  livenessProbe: Probe;
  resources: { limits: object };
  securityContext: object;
  volumeMounts?: { name: string }[];
};
type Pod = { containers: Container[]; volumes?: { name: string }[]; securityContext: object };

test("every file is a resource of the kustomization, and every image has a name to be put in", async () => {
  const files = [...new Bun.Glob("*.yaml").scanSync(folder)].filter((file) => file !== "kustomization.yaml");
  expect(kustomization.resources.toSorted()).toEqual(files.sort());
  const images = kustomization.images.map(({ name }: { name: string }) => name);
  expect(images.sort()).toEqual(containers.map(({ image }) => image).sort());
});

test("what containers refer to is there, and the page makes the secret with every key", async () => {
  const page = await read("docs/deploy/kubernetes.md");
  const made = new Set([...page.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key));
  const keys = containers.flatMap(({ env }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []));
  expect(new Set(keys.map(({ name }) => name))).toEqual(new Set(["flux"]));
  expect(new Set<string | undefined>(keys.map(({ key }) => key))).toEqual(made);
  for (const { envFrom } of containers)
    for (const { configMapRef } of envFrom) expect(named("ConfigMap", configMapRef.name)).toBeDefined();
});

test("probes, services and the ingress mean ports that are there", () => {
  for (const { ports, readinessProbe, livenessProbe } of containers)
    for (const { httpGet } of [readinessProbe, livenessProbe])
      if (httpGet) expect(ports.map(({ name }) => name)).toContain(httpGet.port);

  for (const { spec } of ofKind("Service")) {
    const workload = workloads.find(({ spec: { template } }) => template.metadata.labels.app === spec.selector.app);
    const ports = podOf(workload).containers.flatMap((container) => container.ports.map(({ name }) => name));
    for (const { targetPort } of spec.ports) expect(ports).toContain(targetPort);
  }
  for (const { spec } of ofKind("Ingress"))
    for (const { backend } of spec.rules[0].http.paths)
      expect(named("Service", backend.service.name).spec.ports).toContainEqual(
        expect.objectContaining(backend.service.port),
      );
});

test("the control plane asks DNS for the workers behind the headless service of the StatefulSet", () => {
  const { spec } = named("StatefulSet", "worker");
  const service = named("Service", spec.serviceName);
  expect(service.spec.clusterIP).toBe("None");
  const { name, protocol = "TCP" } = service.spec.ports[0];
  const domain = `${service.metadata.name}.${kustomization.namespace}.svc.cluster.local`;
  const { env } = podOf(named("Deployment", "controlplane")).containers[0] as Container;
  const nodes = env.find(({ name }) => name === "WORKER_NODES")?.value;
  expect(nodes).toBe(`srv://_${name}._${protocol.toLowerCase()}.${domain}`);
});

test("network policies let the control plane and the workers meet, and mean pods that are there", () => {
  const apps = workloads.map(({ spec }) => spec.template.metadata.labels.app);
  const policies = ofKind("NetworkPolicy");
  const meant = JSON.stringify(policies).matchAll(/"matchLabels":\{"app":"(\w+)"\}/g);
  expect(new Set([...meant].map(([, app]) => app))).toEqual(new Set(apps));

  const { port } = named("Service", "worker").spec.ports[0];
  const to = (app: string) => [{ podSelector: { matchLabels: { app } } }];
  const grpc = [{ protocol: "TCP", port }];
  expect(named("NetworkPolicy", "controlplane").spec.egress).toContainEqual({ to: to("worker"), ports: grpc });
  expect(named("NetworkPolicy", "worker").spec.ingress).toEqual([{ from: to("controlplane"), ports: grpc }]);
  expect(named("NetworkPolicy", "nothing").spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
});

test("containers have limits, no privileges, and write to volumes only", () => {
  for (const { resources, securityContext } of containers) {
    expect(resources.limits).toHaveProperty("memory");
    expect(securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  }
  for (const workload of workloads) {
    const { volumes = [], containers, securityContext } = podOf(workload);
    expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    const claims = workload.spec.volumeClaimTemplates?.map(({ metadata }: { metadata: object }) => metadata) ?? [];
    const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
    expect([...volumes, ...claims].map(({ name }) => name).sort()).toEqual(mounted.sort());
  }
});
