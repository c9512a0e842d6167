import { codeOf } from "#shared/errors.ts";
import { Fault } from "#shared/fault.ts";
import { full } from "#shared/storage/error-messages.ts";

const refused = "the storage may not be written to";
const taken = "something else is in the output's place: a folder, or a file where a folder should be";

const messages: Readonly<Record<string, string>> = {
  ENOSPC: full,
  EDQUOT: full,
  EACCES: refused,
  EPERM: refused,
  EROFS: refused,
  EEXIST: taken,
  EISDIR: taken,
  ENOTDIR: taken,
  ENOTEMPTY: taken,
};

/** The fault of a delivery that an error of the file system stands for. */
export const toLocalFault = (error: unknown) =>
  error instanceof Fault
    ? error
    : new Fault("delivery_failed", messages[codeOf(error)] ?? "the storage failed", { cause: error });
