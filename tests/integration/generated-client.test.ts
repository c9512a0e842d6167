import { expect, test } from "bun:test";
import { join } from "node:path";
import { stringify } from "yaml";
import { certificateType } from "#shared/certificate/statement.ts";
import { startTestControlPlane } from "#tests/support/control-plane.ts";
import { startFakeWorker } from "#tests/support/fake-worker.ts";
import { servedDocument } from "#tests/support/openapi.ts";
import { temporaryFolder } from "#tests/support/service.ts";
import { toolPath } from "#tests/support/tools.ts";

const root = join(import.meta.dir, "../..");

async function said(argv: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const { PATH = "" } = process.env;
  const child = Bun.spawn([...argv], { cwd, env: { PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

test("redocly finds nothing wrong with the document, not even a warning", async () => {
  await using folder = await temporaryFolder();
  await Bun.write(join(folder.path, "openapi.json"), JSON.stringify(servedDocument()));
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", HOME: folder.path };
  const redocly = [join(root, "node_modules/.bin/redocly"), "lint", "--format=json", "openapi.json"];
  const { out, err, code } = await said(redocly, folder.path, quiet);
  expect({ code, problems: JSON.parse(out.slice(out.indexOf("{"))).problems, err: code === 0 ? "" : err }).toEqual({
    code: 0,
    problems: [],
    err: "",
  });
});

// What `scripts/setup tests` installs beside the repository's own dependencies.
const generator = toolPath("openapi-python-client", join(root, ".tools/generator/bin"));

const script = `
import importlib, pkgutil, sys
import flux
for module in pkgutil.walk_packages(flux.__path__, "flux."):
    importlib.import_module(module.name)

from flux import Client
from flux.api.jobs import get_job, list_jobs, submit_job
from flux.api.workers import list_workers
from flux.models import Accepted, Job, JobPage, Order, Problem, WorkerPage, WorkerType0, WorkerType1

client = Client(base_url=sys.argv[1])
accepted = submit_job.sync(client=client, body=Order(input_url="http://127.0.0.1:9/a.mp4", preset="tiny"))
assert isinstance(accepted, Accepted), accepted
job = get_job.sync(accepted.job_id, client=client)
assert isinstance(job, Job) and job.status == "queued", job
page = list_jobs.sync(client=client, limit=5)
assert isinstance(page, JobPage) and page.jobs[0].job_id == accepted.job_id, page
for answer in (get_job.sync("nobody", client=client), submit_job.sync(client=client, body=Order(input_url="x", preset=""))):
    assert isinstance(answer, Problem), answer
workers = list_workers.sync(client=client, wake="false")
assert isinstance(workers, WorkerPage), workers
kinds = [type(worker) for worker in workers.workers]
assert kinds == [WorkerType1, WorkerType0] and workers.workers[1].asleep is True, workers
print("ok")
`;

test.skipIf(!generator)("a generated Python client imports, orders, looks and is refused", async () => {
  await using folder = await temporaryFolder();
  await Bun.write(join(folder.path, "openapi.json"), JSON.stringify(servedDocument()));
  // Without its formatter of code, which it looks for on the PATH, and with the media types that it does not know.
  const known = { [certificateType]: "text/plain", "application/offset+octet-stream": "application/octet-stream" };
  const config = { post_hooks: [], content_type_overrides: known };
  await Bun.write(join(folder.path, "config.yaml"), stringify(config));
  const options = [
    "--path=openapi.json",
    "--output-path=flux",
    "--meta=none",
    "--config=config.yaml",
    "--fail-on-warning",
  ];
  const generated = await said([generator ?? "", "generate", ...options], folder.path);
  expect(generated).toMatchObject({ code: 0 });

  await using worker = await startFakeWorker();
  await using service = await startTestControlPlane({ workers: [worker.address, "127.0.0.1:9"] });
  await service.get("/workers/status");
  const python = join(root, ".tools/generator/bin/python");
  expect(await said([python, "-c", script, service.url], folder.path)).toEqual({ code: 0, out: "ok\n", err: "" });
});
