import { parse, parseAllDocuments } from "yaml";

const root = new URL("../../", import.meta.url);
export const read = (path: string) => Bun.file(new URL(path, root)).text();

type Vars = Record<string, string>;

/** One process of a deployment: what it reads, and how long the platform waits for it after SIGTERM. */
export type Deployed = { file: string; part: "controlplane" | "worker"; env: Vars; stopSeconds?: number | undefined };

const secret = "0123456789abcdef0123456789abcdef";
const webhookSecret = `whsec_${secret}`;

/** Every control plane and worker that a file of the repository starts. */
export async function deployments(): Promise<Deployed[]> {
  const all = await Promise.all([systemd(), compose(), fly(), cloudRun(), kubernetes(), lambda()]);
  return all.flat();
}

async function systemd(): Promise<Deployed[]> {
  const of = async (part: Deployed["part"], unit: string) => {
    const file = `deploy/systemd/${unit}`;
    const text = (await read(file)).replaceAll("%i", "50051");
    const set = [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
    const env = { ...Object.fromEntries(set), ...envFile(await read(`deploy/systemd/${part}.env`)) };
    return { file, part, env, stopSeconds: seconds(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]) };
  };
  return [await of("controlplane", "flux-controlplane.service"), await of("worker", "flux-worker@.service")];
}

const envFile = (text: string): Vars =>
  Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value = ""]) => [name, filled(value)]));

/** What is left to be filled in, filled in. */
const filled = (value: string) => value.replace(/<.*>/, secret).replace(/\$\{\w+:\?.*?\}/, secret);

async function compose(): Promise<Deployed[]> {
  const { services } = parse(await read("compose.yaml"), { merge: true });
  return Promise.all(
    ["controlplane", "worker-1", "worker-2"].map(async (name) => {
      const { build, environment, stop_grace_period } = services[name];
      const env = Object.entries<string>(environment).map(([key, value]) => [key, defaults(value)]);
      return {
        file: "compose.yaml",
        ...(await image(build.target, Object.fromEntries(env))),
        stopSeconds: seconds(stop_grace_period),
      };
    }),
  );
}

const defaults = (value: string) => filled(value.replace(/\$\{\w+:-(.*?)\}/, "$1"));

async function fly(): Promise<Deployed[]> {
  type Toml = { build: { "build-target": string }; env: Vars; kill_timeout?: string };
  return Promise.all(
    ["controlplane", "worker"].map(async (name) => {
      const file = `deploy/fly/${name}.toml`;
      const { build, env, kill_timeout } = Bun.TOML.parse(await read(file)) as Toml;
      const secrets = {
        WORKER_TOKEN: secret,
        ...(name === "controlplane" ? { API_KEY: secret } : { WEBHOOK_SECRETS: webhookSecret }),
      };
      return {
        file,
        ...(await image(build["build-target"], { ...env, ...secrets })),
        stopSeconds: seconds(kill_timeout),
      };
    }),
  );
}

async function cloudRun(): Promise<Deployed[]> {
  return Promise.all(
    ["controlplane", "worker"].map(async (name) => {
      const file = `deploy/cloud-run/${name}.yaml`;
      const [container] = parse(await read(file)).spec.template.spec.containers;
      return { file, ...(await image(name, variables(container.env))), stopSeconds: 10 };
    }),
  );
}

async function kubernetes(): Promise<Deployed[]> {
  const [settings] = await documents("deploy/kubernetes/settings.yaml");
  return Promise.all(
    ["controlplane", "worker"].map(async (name) => {
      const file = `deploy/kubernetes/${name}.yaml`;
      const { spec } = (await documents(file)).find(({ spec }) => spec.template).spec.template;
      const env = { ...settings.data, ...variables(spec.containers[0].env) };
      return { file, ...(await image(name, env)), stopSeconds: spec.terminationGracePeriodSeconds };
    }),
  );
}

const secretFor = (name: string) => (name === "WEBHOOK_SECRETS" ? webhookSecret : secret);

type Variable = { name: string; value?: string };
const variables = (env: Variable[]): Vars =>
  Object.fromEntries(env.map(({ name, value }) => [name, value ?? secretFor(name)]));

async function lambda(): Promise<Deployed[]> {
  const file = "deploy/lambda/template.yaml";
  const { Resources } = parse(await read(file), { logLevel: "error" });
  const given: Vars = Resources.ControlPlane.Properties.Environment.Variables;
  const filledIn = { ...given, WORKER_NODES: "10.0.0.1:50051", API_KEY: secret };
  return [{ file, part: "controlplane", env: filledIn }];
}

/** With what its stage of the Dockerfile sets. */
async function image(target: string, env: Vars): Promise<Pick<Deployed, "part" | "env">> {
  const part = target.startsWith("worker") ? "worker" : "controlplane";
  const stage = (await read("Dockerfile"))
    .split(/^FROM /m)
    .find((text) => text.split("\n")[0]?.endsWith(` AS ${part}`));
  const lines = stage?.match(/^ENV (?:.*\\\n)*.*$/gm)?.join(" ") ?? "";
  const set = [...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]);
  return { part, env: { ...Object.fromEntries(set), ...env } };
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever a file holds.
export const documents = async (path: string): Promise<any[]> =>
  parseAllDocuments(await read(path)).map((document) => document.toJS());

const seconds = (text: string | undefined) => (text === undefined ? undefined : Number(/^(\d+)s?$/.exec(text)?.[1]));
