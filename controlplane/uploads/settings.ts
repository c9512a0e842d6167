import * as v from "valibot";
import { duration, flag, setting, size, wholeNumber } from "#shared/env.ts";
import { issueAt } from "#shared/schemas.ts";

/** The settings of uploads that only a control plane has. */
export const uploadSettings = {
  MAX_UPLOAD_SIZE: setting("the largest file that may be uploaded", size, "20GiB"),
  MAX_OPEN_UPLOADS: setting("unfinished uploads that each tenant may have", wholeNumber(1, 100_000), "100"),
  UPLOAD_EXPIRY: setting(
    "an upload is removed so long after its last byte, or after the end of the last job that read it; 1m or more",
    v.pipe(duration, v.minValue(60_000, "use 1m or more")),
    "24h",
  ),
  UPLOAD_SINGLE_CONTROL_PLANE: setting(
    "says that no other control plane takes uploads for this UPLOAD_STORAGE; without a QUEUE_URL, by which several take turns at an upload, it must be true",
    flag,
    "false",
  ),
};

type Settings = v.InferOutput<v.ObjectSchema<typeof uploadSettings, undefined>> & {
  UPLOAD_STORAGE?: string | undefined;
  RECORD_STORAGE?: string | undefined;
  QUEUE_URL?: string | undefined;
};

/** Checks what depends on several settings. Its issues are reported even when a single setting is wrong. */
export const checkUploads = <T extends Settings>() =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const given: Partial<Record<keyof Settings, unknown>> = Object(dataset.value);
    if (given.UPLOAD_STORAGE === undefined) return;
    if (given.RECORD_STORAGE === undefined)
      addIssue(
        issueAt("is required with UPLOAD_STORAGE: records tell when the last job of an upload ended", "RECORD_STORAGE"),
      );
    if (given.QUEUE_URL === undefined && given.UPLOAD_SINGLE_CONTROL_PLANE !== true)
      addIssue(
        issueAt(
          "without a QUEUE_URL only one control plane may take uploads: set UPLOAD_SINGLE_CONTROL_PLANE=true if this is the only one, else a QUEUE_URL in Redis",
          "UPLOAD_STORAGE",
        ),
      );
  });

/** How uploads are limited; undefined where none are taken. */
export const uploadConfig = (read: Settings) =>
  read.UPLOAD_STORAGE === undefined
    ? undefined
    : { maxBytes: read.MAX_UPLOAD_SIZE, mostOpen: read.MAX_OPEN_UPLOADS, expiryMs: read.UPLOAD_EXPIRY };
