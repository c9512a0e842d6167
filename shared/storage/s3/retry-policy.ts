import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { pauseAfter } from "#shared/async/backoff.ts";
import { type RequestLimits, requestBackoff } from "#shared/storage/request-limits.ts";
import { attemptFailed } from "#shared/storage/requests.ts";
import { statusOf, toS3Fault } from "./faults.ts";

type RetryStrategy = Extract<NonNullable<S3ClientConfig["retryStrategy"]>, { recordSuccess: unknown }>;

/**
 * Retries whatever is not the client's own mistake, and waits as long as the store asks for, up to the longest pause.
 * The SDK's own modes give up after 0.2 to 0.7 s of refused, cut or 503 answers, however many attempts they have.
 */
export function s3RetryStrategy({ attempts, firstPauseMs }: RequestLimits): RetryStrategy {
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
