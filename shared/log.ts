import { type Logger, pino, stdTimeFunctions } from "pino";
import { requestIdNow } from "#shared/request-context.ts";
import { traceIdOf, traceparent } from "#shared/tracing/traceparent.ts";
import { namesUpload } from "#shared/uploads/upload-url.ts";

export type Log = Logger;

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Lines of JSON, written at once: what was logged is there however the process ends. */
export const makeLog = (service: string, { level, fd = 1 }: { level: LogLevel; fd?: number }): Log =>
  pino(
    {
      level,
      base: { service },
      mixin: context,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd, sync: true }),
  );

/** By this a line is found from its request and its trace, and the other way round. */
function context() {
  const [request_id, parent] = [requestIdNow(), traceparent()];
  return { ...(request_id && { request_id }), ...(parent && { trace_id: traceIdOf(parent) }) };
}

/** By what a job's lines are found. */
export const jobFields = ({ jobId, tenant }: { jobId: string; tenant?: string | undefined }) => ({
  job_id: jobId,
  ...(tenant && { tenant }),
});

/** A URL as it may be logged: without user info, query and fragment, where secrets are. */
export function withoutSecrets(text: string): string {
  const { protocol, host, pathname, href } = URL.parse(text) ?? {};
  if (!href) return "(not a URL)";
  if (namesUpload(text)) return text;
  return href.startsWith(`${protocol}//`) ? `${protocol}//${host}${pathname}` : `${protocol}...`;
}
