import { constants } from "node:os";
import { Fault } from "./fault.ts";

const { ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM } = constants.errno;

/** What a machine has too little of now, and most often has again once some jobs have ended. */
const words: Readonly<Record<number, string>> = {
  [ENOSPC]: "room on a disk",
  [EDQUOT]: "room within a disk's quota",
  [EMFILE]: "files that it may open",
  [ENFILE]: "files that its machine may open",
  [ENOMEM]: "memory",
};

const field = "resources";

/** The error itself, unless it or one of its causes says that this machine has too little of something: then `busy`. */
export function orExhausted(error: unknown): unknown {
  const missing = missingBy(error);
  if (!missing) return error;
  const message = `the worker has no ${missing} left; try again later`;
  return new Fault("busy", message, { cause: error, fields: [{ field, message }] });
}

/** Whether who refused has too little of something, which hardly changes while an order looks for a worker. */
export const isExhausted = ({ kind, fields }: Fault) => kind === "busy" && fields[0]?.field === field;

function missingBy(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Bun's process.memoryUsage.rss() throws an error that has a number and no code.
  const number = "errno" in error ? Math.abs(Number(error.errno)) : Number.NaN;
  return words[number] ?? missingBy(error.cause);
}
