import type { S3, S3ClientConfig } from "@aws-sdk/client-s3";
import { pauseAfter } from "#shared/async/backoff.ts";
import { Fault } from "#shared/fault.ts";
import { type RequestLimits, requestBackoff } from "#shared/storage/request-limits.ts";
import { attemptFailed, requestSent } from "#shared/storage/requests.ts";
import { statusOf, toS3Fault, webPage } from "./faults.ts";

/** The pauses take 24 to 33 s together, so that a store can restart. */
const usualLimits: RequestLimits = { attempts: 9, firstPauseMs: 200, answerMs: 30_000 };

/** How much longer a request may take that carries a body: at 64 KB a second. */
export const sendingMs = (bytes: number) => Math.ceil(bytes / 64);

export type S3Options = {
  bucket: string;
  region?: string | undefined;
  /** The URL of a store that is not AWS. */
  endpoint?: string | undefined;
  forcePathStyle?: boolean;
  accelerate?: boolean;
  /** What players read below, instead of the bucket's own address. */
  publicUrl?: string | undefined;
  /** Instead of what the AWS SDK finds in the environment, its files or the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** In place of the usual ones. */
  limits?: Partial<RequestLimits>;
};

type CallOptions = { abortSignal: AbortSignal; requestTimeout: number };

/** One call of the store; retried, and its failure turned into a Fault that has words for a client. */
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

// Loaded on first use: it costs 100 ms and 30 MB, which a worker that starts does not have.
async function open(options: S3Options, limits: RequestLimits): Promise<S3> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const { endpoint, credentials } = options;
  const region = options.region ?? (endpoint && "us-east-1");
  const s3 = new S3({
    ...(region && { region }),
    ...(endpoint && {
      endpoint,
      // Other stores know neither the checksums nor the trailers that the SDK sends by default.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    }),
    ...(credentials && { credentials }),
    forcePathStyle: options.forcePathStyle ?? false,
    useAccelerateEndpoint: options.accelerate ?? false,
    retryStrategy: retryStrategy(limits),
    requestHandler: { connectionTimeout: 10_000, requestTimeout: limits.answerMs, throwOnRequestTimeout: true },
  });
  s3.middlewareStack.add(counted, { step: "deserialize", name: "countRequests" });
  return s3;
}

// In this step it comes below the retries.
const counted: Parameters<S3["middlewareStack"]["add"]>[0] = (next) => async (args) => {
  requestSent();
  const answer = await next(args);
  if (isWebPage(answer.response)) throw new Fault("delivery_failed", webPage);
  return answer;
};

/** A login page or a proxy answers everything with 200; an object that is a web page has an ETag. */
function isWebPage(response: unknown) {
  if (typeof response !== "object" || response === null || !("headers" in response)) return false;
  const headers = new Map(Object.entries(Object(response.headers)).map(([name, value]) => [name.toLowerCase(), value]));
  return /^text\/html\b/i.test(String(headers.get("content-type"))) && !headers.has("etag");
}

type RetryStrategy = Extract<NonNullable<S3ClientConfig["retryStrategy"]>, { recordSuccess: unknown }>;

// The SDK's own modes give up after 0.2 to 0.7 s of refused, cut or 503 answers, however many attempts they have.
function retryStrategy({ attempts, firstPauseMs }: RequestLimits): RetryStrategy {
  const backoff = { ...requestBackoff, firstPauseMs };
  const token = (retries: number, pauseMs: number) => ({ getRetryCount: () => retries, getRetryDelay: () => pauseMs });
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(last, { error, errorType, retryAfterHint }) {
      const retries = last.getRetryCount() + 1;
      if (errorType === "CLIENT_ERROR" || statusOf(error) === 501 || retries >= attempts) throw error;
      attemptFailed(toS3Fault(error));
      const askedMs = retryAfterHint ? retryAfterHint.getTime() - Date.now() : 0;
      return token(retries, Math.max(pauseAfter(retries, backoff), Math.min(askedMs, backoff.longestPauseMs)));
    },
    recordSuccess() {},
  };
}
