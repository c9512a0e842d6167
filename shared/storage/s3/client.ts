import type { S3, S3ClientConfig } from "@aws-sdk/client-s3";
import { Fault } from "#shared/fault.ts";
import type { RequestLimits } from "#shared/storage/request-limits.ts";
import { requestSent } from "#shared/storage/requests.ts";
import { toS3Fault, webPage } from "./faults.ts";
import { s3RetryStrategy } from "./retry-policy.ts";

/** The pauses take 24 to 33 s together, so that a store can restart. */
const usualLimits: RequestLimits = { attempts: 9, firstPauseMs: 200, answerMs: 30_000 };

/** How much longer a request with a body of so many bytes may take: its time at 64 KB a second. */
export const sendingMs = (bytes: number) => Math.ceil(bytes / 64);

export type S3Options = {
  bucket: string;
  /** Default: as the AWS SDK finds it; `us-east-1` with an endpoint. */
  region?: string | undefined;
  /** The URL of a store that is not AWS. Default: AWS. */
  endpoint?: string | undefined;
  /** Puts the bucket into the path instead of the host name. Default: false. */
  forcePathStyle?: boolean;
  /** Uploads through S3 Transfer Acceleration. Default: false. */
  accelerate?: boolean;
  /** The URL below which players read. Default: the bucket's own address. */
  publicUrl?: string | undefined;
  /** Default: what the AWS SDK finds in the environment, its files or the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** In place of the usual ones. */
  limits?: Partial<RequestLimits>;
};

type CallOptions = { abortSignal: AbortSignal; requestTimeout: number };

/** Makes one call, with retries. A failure becomes a Fault whose message a client may read. */
export type Ask = <T>(
  call: (s3: S3, options: CallOptions) => Promise<T>,
  signal: AbortSignal,
  extraMs?: number,
) => Promise<T>;

export function s3Client(options: S3Options): Ask {
  const limits = { ...usualLimits, ...options.limits };
  let opened: Promise<S3> | undefined;

  return async (call, signal, extraMs = 0) => {
    signal.throwIfAborted();
    opened ??= open(options, limits);
    const s3 = await opened;
    try {
      return await call(s3, { abortSignal: signal, requestTimeout: limits.answerMs + extraMs });
    } catch (error) {
      signal.throwIfAborted();
      throw toS3Fault(error);
    }
  };
}

// Loaded on first use, because it costs 100 ms and 30 MB at the start of a worker.
async function open(options: S3Options, limits: RequestLimits): Promise<S3> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3(s3Config(options, limits));
  s3.middlewareStack.add(counted, { step: "deserialize", name: "countRequests" });
  return s3;
}

/** How a client of the AWS SDK reaches the store. */
export function s3Config(options: S3Options, limits: RequestLimits = usualLimits): S3ClientConfig {
  const { endpoint, credentials } = options;
  const region = options.region ?? (endpoint && "us-east-1");
  return {
    ...(region && { region }),
    ...(endpoint && {
      endpoint,
      // Other stores do not know the checksums and trailers that the SDK sends by default.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
    ...(credentials && { credentials }),
    forcePathStyle: options.forcePathStyle ?? false,
    useAccelerateEndpoint: options.accelerate ?? false,
    retryStrategy: s3RetryStrategy(limits),
    requestHandler: { connectionTimeout: 10_000, requestTimeout: limits.answerMs, throwOnRequestTimeout: true },
  };
}

// In the deserialize step this runs once for each attempt.
const counted: Parameters<S3["middlewareStack"]["add"]>[0] = (next) => async (args) => {
  requestSent();
  const answer = await next(args);
  if (isWebPage(answer.response)) throw new Fault("delivery_failed", webPage);
  return answer;
};

/** Whether a login page or a proxy answered instead of a store. An object that is a web page has an ETag. */
function isWebPage(response: unknown) {
  if (typeof response !== "object" || response === null || !("headers" in response)) return false;
  const headers = new Map(Object.entries(Object(response.headers)).map(([name, value]) => [name.toLowerCase(), value]));
  return /^text\/html\b/i.test(String(headers.get("content-type"))) && !headers.has("etag");
}
