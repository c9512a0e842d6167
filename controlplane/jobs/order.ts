import * as v from "valibot";
import type { JobRequestInit } from "#controlplane/dispatch/offer.ts";
import { Fault, invalidField } from "#shared/fault.ts";
import { outputTypes } from "#shared/job/event.ts";
import { keyTrouble } from "#shared/storage/key.ts";
import { storageNames } from "#shared/storage/storage.ts";

/** Gives an address back in its normal form; throws `invalid` for one that may not be fetched from or posted to. */
export type CheckInput = (url: string) => string;

const maxMetadataBytes = 2_048;
const url = v.pipe(v.string("must be a string"), v.maxLength(8_192, "is longer than 8192 characters"));
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(names, `must be one of ${names.join(", ")}`);

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

const pathOutside = (recordPrefix: string) =>
  v.pipe(
    v.string("must be a string"),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const key = dataset.value.replace(/\/$/, "");
      const isRecord = `${key}/`.startsWith(`${recordPrefix}/`);
      const trouble = keyTrouble(key) ?? (isRecord ? "must not lie where records are kept" : undefined);
      if (trouble) addIssue({ message: trouble });
    }),
  );

/** What a client posts. */
export const jobOrder = (recordPrefix: string) =>
  v.strictObject(
    {
      input_url: url,
      preset: v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty"), v.maxLength(64, "is too long")),
      output: v.exactOptional(
        v.strictObject(
          {
            storage: v.exactOptional(oneOf(storageNames)),
            path: v.exactOptional(pathOutside(recordPrefix)),
            type: v.exactOptional(oneOf(outputTypes)),
            metadata: v.exactOptional(metadata),
            overwrite: v.exactOptional(v.boolean("must be true or false")),
          },
          "must be an object",
        ),
      ),
      callback_url: v.exactOptional(url),
    },
    "must be a JSON object",
  );
export type JobOrder = v.InferOutput<ReturnType<typeof jobOrder>>;

/** What goes to a worker. */
export const orderFrom = (posted: JobOrder, checkInput: CheckInput, timeoutMs: number): JobRequestInit => ({
  inputUrl: checked("input_url", posted.input_url, checkInput),
  preset: posted.preset,
  output: posted.output ?? {},
  callbackUrl: posted.callback_url === undefined ? "" : checked("callback_url", posted.callback_url, checkInput),
  timeoutMs: BigInt(timeoutMs),
});

function checked(field: string, url: string, check: CheckInput): string {
  try {
    return check(url);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw invalidField(field, error.fields[0]?.message ?? error.message);
  }
}
