import { signedEnvelope } from "#shared/certificate/dsse.ts";
import type { SigningKey } from "#shared/certificate/keys.ts";
import { formatStatement } from "#shared/certificate/statement.ts";
import { subjectsOf } from "#shared/certificate/subjects.ts";
import { type Order, orderToJson, redactedOrder } from "#shared/job/order.ts";
import type { PublishedObject } from "#shared/job/published-object.ts";
import type { SourceHash } from "#worker/source/source-hash.ts";
import { type DescribedSource, describeEncode, publicUrl } from "./describe-encode.ts";
import type { Made } from "./made.ts";

type Options = {
  key: SigningKey;
  /** The worker's name. */
  worker: string;
  /** The time in Unix milliseconds. */
  now(): number;
};

export type Certificates = ReturnType<typeof makeCertificates>;

/** Signs certificates of what this worker makes: in-toto statements with SLSA provenance, in envelopes of DSSE. */
export const makeCertificates = ({ key, worker, now }: Options) => ({
  /** Begins to describe an encode; its sources are hashed meanwhile. */
  describe: (sources: readonly DescribedSource[], hashes: readonly SourceHash[]) =>
    describeEncode(sources, hashes, timeOf(now())),

  /** The certificate of an output of which these are all objects; `measured` is what is known of source and output. */
  sign(
    order: Order,
    made: Made,
    objects: readonly PublishedObject[],
    measured: Readonly<Record<string, unknown>>,
  ): string {
    const provenance = { ...made, externalParameters: parametersOf(order), worker, measured };
    const times = { jobId: order.jobId, finishedOn: timeOf(now()) };
    return signedEnvelope(formatStatement(subjectsOf(order, objects), { ...provenance, ...times }), key);
  },
});

const timeOf = (ms: number) => new Date(ms).toISOString();

/** What of an order is no matter of what is made, or is not for everybody who may read a certificate. */
const untold = [
  ...["job_id", "tenant", "traceparent", "callback_url", "callback_events", "timeout_ms", "cold_start_ms", "priority"],
  ...["unchosen", "retry_of"],
];

/** The order as far as it decides what is made, without secrets and without folders of this machine. */
function parametersOf(order: Order) {
  const fields = Object.entries(orderToJson(redactedOrder(order))).filter(([name]) => !untold.includes(name));
  const { inputs } = order;
  const joined = inputs?.map(({ url, ...part }) => ({ url: publicUrl(url), ...part }));
  return { ...Object.fromEntries(fields), input_url: publicUrl(order.inputUrl), ...(joined && { inputs: joined }) };
}
