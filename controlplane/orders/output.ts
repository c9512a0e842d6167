import * as v from "valibot";
import { optional } from "#shared/described.ts";
import { outputTypes } from "#shared/job/event.ts";
import { checkProblem, oneOf } from "#shared/schemas.ts";
import { pathProblem } from "#shared/storage/key.ts";
import { storageNames } from "#shared/storage/kinds.ts";

const maxMetadataBytes = 2_048;

const metadata = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, "use 1 to 64 of the characters A-Z a-z 0-9 _ - in names")),
    v.string("must be a string"),
    "must be an object of strings",
  ),
  v.check(
    (entries) => Buffer.byteLength(Object.entries(entries).flat().join("")) <= maxMetadataBytes,
    `is over ${maxMetadataBytes} bytes in total`,
  ),
);

const pathOutside = (recordPrefix: string, uploadPrefix: string | undefined) =>
  v.pipe(
    v.string("must be a string"),
    v.normalize("NFC"),
    checkProblem((path) => pathProblem(path, recordPrefix, uploadPrefix)),
  );

/** Where the output of an order goes; its path lies outside of these folders. */
export const outputField = (recordPrefix: string, uploadPrefix: string | undefined) =>
  v.exactOptional(
    v.strictObject(
      {
        storage: optional(oneOf(storageNames), "Where the output goes. Default: the workers' STORAGE_TYPE.", "s3"),
        path: optional(
          pathOutside(recordPrefix, uploadPrefix),
          "The output's key in the storage, relative, at most 1024 bytes; of an output of many files a folder that ends in /. Default: outputs/<job id>.<ext>, or outputs/<job id>/.",
          "outputs/video_123.mp4",
        ),
        type: optional(oneOf(outputTypes), "The preset's; naming another is an error.", "single"),
        metadata: optional(
          metadata,
          "Kept with the output where the storage can. Names of 1 to 64 of the characters A-Z a-z 0-9 _ -; 2048 bytes in total.",
          { title: "Sample" },
        ),
        publish: optional(
          oneOf(["atomic", "progressive"]),
          "When a segmented output is shown: atomic (default) at the end, progressive as it grows.",
          "atomic",
        ),
        overwrite: optional(
          v.boolean("must be true or false"),
          "Replaces a segmented output that is already there. Default: false, which is a conflict then.",
          false,
        ),
        certificate: optional(
          v.boolean("must be true or false"),
          "Puts the job's signed certificate beside the output as well, as <job id>.intoto.jsonl; needs workers with a SIGNING_KEY. Default: false.",
          true,
        ),
      },
      "must be an object",
    ),
  );
