import { expect, test } from "bun:test";
import { Fault } from "#shared/fault.ts";
import { jsonOf, startTestControlPlane } from "#tests/support/control-plane.ts";
import { freePort, startFakeWorker } from "#tests/support/fake-worker.ts";

const url = (jobId: string) => `/api/v1/jobs/${jobId}/certificate`;
const text = `${JSON.stringify({ payload: "é".repeat(100_000) })}\n`;

/** A worker whose job has completed, and the storage of records that it shares with others. */
async function completed(certificates: Map<string, string>) {
  const records = new Map();
  const worker = await startFakeWorker({ records, certificates });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  worker.tell(jobId, { status: "completed", certificateUrl: url(jobId) });
  return { worker, records, jobId };
}

test("any worker tells the certificate from the records, when the job's own is gone", async () => {
  const certificates = new Map<string, string>();
  const { worker, records, jobId } = await completed(certificates);
  certificates.set(jobId, text);
  await worker.kill();
  await using other = await startFakeWorker({ records, certificates });
  await using service = await startTestControlPlane({ workers: [worker.address, other.address] });
  await service.get("/workers/status");
  const answer = await service.get(`/jobs/${jobId}/certificate`);
  expect([answer.status, await answer.text()]).toEqual([200, text]);
});

test("one that is not among the records is not found, and one that nobody can read is tried again", async () => {
  const { worker, records, jobId } = await completed(new Map());
  await using other = await startFakeWorker({ records });
  await using service = await startTestControlPlane({ workers: [worker.address, other.address] });
  expect((await service.get(`/jobs/${jobId}/certificate`)).status).toBe(404);
  await worker.kill();
  await using away = await startTestControlPlane({
    workers: [worker.address, `127.0.0.1:${await freePort()}`, other.address],
    config: { startupTimeoutMs: 50 },
  });
  await away.get("/workers/status?wake=true");
  expect((await away.get(`/jobs/${jobId}/certificate`)).status).toBe(503);
});

test("while the own storage of records does not answer, workers are asked, and what keeps it away is told", async () => {
  const certificates = new Map<string, string>();
  const { worker, jobId } = await completed(certificates);
  await using _ = worker;
  const fields = [{ field: "RECORD_STORAGE", message: "s3 (bucket media): no answer" }];
  const readCertificate = async () => {
    throw new Fault("delivery_failed", "the storage does not answer", { fields });
  };
  await using service = await startTestControlPlane({ workers: [worker.address], deps: { readCertificate } });
  const without = await service.get(`/jobs/${jobId}/certificate`);
  expect([without.status, await jsonOf(without)]).toMatchObject([503, { errors: fields }]);
  certificates.set(jobId, text);
  expect(await (await service.get(`/jobs/${jobId}/certificate`)).text()).toBe(text);
});

test("a former worker, which knows no call for logs, counts as one that has none", async () => {
  const records = new Map();
  await using worker = await startFakeWorker({ records, logs: new Map() });
  await using service = await startTestControlPlane({ workers: [worker.address] });
  const jobId = await service.submit();
  worker.tell(jobId, { status: "failed", error: { kind: "encode_failed", message: "ffmpeg ended" } });
  const { event } = records.get(jobId);
  await using former = await startFakeWorker({ foreign: true });
  const job = {
    event,
    order: undefined,
    holder: undefined,
    kept: false,
    sourceRedacted: false,
    callbackRedacted: false,
  };
  const readRecord = async () => job;
  await using other = await startTestControlPlane({ workers: [former.address], deps: { readRecord } });
  const answer = await other.get(`/jobs/${jobId}/log`);
  expect([answer.status, (await jsonOf(answer)).detail]).toEqual([404, expect.stringContaining("the job has no log")]);
});
