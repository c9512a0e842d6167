import * as v from "valibot";
import { duration, list, setting, wholeNumber } from "#shared/env.ts";
import { isLoopback } from "#shared/net/loopback.ts";

const queueUrl = v.pipe(
  v.string(),
  v.check(
    (text) => /^sqlite:./.test(text) || (/^rediss?:\/\/./.test(text) && URL.canParse(text)),
    "write redis://host:6379, rediss://host:6379 or sqlite:/path/to/file",
  ),
);

/** The settings of the waiting room, which the settings of the control plane include. */
export const queueSettings = {
  QUEUE_URL: setting(
    "where orders wait that no worker has room for: redis://, rediss:// (TLS), for any number of control planes, or sqlite:<file> for one; unset: such orders are answered with 503",
    queueUrl,
  ),
  QUEUE_MAX: setting("the most orders that may wait", wholeNumber(1, 10_000_000), "10000"),
  QUEUE_TIMEOUT: setting("an order that has waited so long is ended as failed", duration, "24h"),
  QUEUE_AGING: setting(
    "an order that has waited so long counts as of the next higher priority, after twice as long of the one after it",
    duration,
    "10m",
  ),
  QUEUE_SECRET: setting(
    "what waiting orders are encrypted with, newest first, comma separated, 16 characters or more; needed for a Redis beyond loopback",
    v.pipe(
      list,
      v.everyItem((secret) => secret.length >= 16, "use secrets of at least 16 characters"),
    ),
    "",
  ),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof queueSettings, undefined>> & {
  RECORD_STORAGE?: string | undefined;
};

/** Checks what depends on several settings. Its issues are reported even when a single setting is wrong. */
export const checkQueue = <T extends Settings>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Partial<Record<keyof Settings, unknown>> = Object(dataset.value);
    const { QUEUE_URL: url, QUEUE_SECRET: secrets, RECORD_STORAGE: records } = given;
    const complain = (key: string, message: string) =>
      addIssue({ message, path: [{ type: "object", origin: "value", input: { ...given }, key, value: undefined }] });
    if (typeof url !== "string") return;
    if (records === undefined || records === "ftp")
      complain(
        "RECORD_STORAGE",
        "is required with QUEUE_URL, as s3 or local: who takes and ends a waiting order is decided there",
      );
    if (!isOnThisMachine(url) && !(Array.isArray(secrets) && secrets.length > 0))
      complain("QUEUE_SECRET", "is required for a Redis beyond loopback: set the same at all control planes");
  });

/** Whether a room is a file, or in a Redis at loopback. */
function isOnThisMachine(url: string) {
  const host = /^rediss?:/.test(url) ? URL.parse(url)?.hostname : undefined;
  return !host || isLoopback(host);
}

export const queueConfig = (read: Settings) => ({
  url: read.QUEUE_URL,
  most: read.QUEUE_MAX,
  waitMs: read.QUEUE_TIMEOUT,
  agingMs: read.QUEUE_AGING,
  secrets: read.QUEUE_SECRET,
  isOnThisMachine: isOnThisMachine(read.QUEUE_URL ?? ""),
});
