import { CommanderError } from "commander";
import { ApiFault } from "#client/client.ts";
import { type FaultKind, type FieldError, toFault } from "#shared/fault.ts";

export type Failure = {
  /** What a program decides by. */
  kind: FaultKind;
  /** For people. */
  message: string;
  /** What is wrong with which field; absent where none is named. */
  errors?: readonly FieldError[];
  /** The job that it is about; absent where there is none. */
  job_id?: string;
};

/** What the command's process ends with, and when; those above 64 are of sysexits.h. */
export const exitCodes = {
  0: "done; for `doctor` and the checks: no fault was found",
  1: "the job failed, what was asked for is not there, or a check found a fault",
  2: "the command line or the order is wrong",
  69: "nobody answers: the service, or every worker of it",
  75: "every worker is busy, or the service wants fewer requests: try again later",
  77: "the API key is missing, wrong, or does not allow this",
  78: "a setting in the environment is wrong",
  130: "the job was cancelled, or the command interrupted",
} as const;

type ExitCode = keyof typeof exitCodes;

const codeOfKind: Partial<Record<FaultKind, ExitCode>> = {
  invalid: 2,
  unreachable: 69,
  busy: 75,
  rate_limited: 75,
  unauthenticated: 77,
  forbidden: 77,
  cancelled: 130,
};

/** Anything thrown, as a program and a person may read it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return { kind: "invalid", message: error.message.replace(/^error: /, "") };
  if (error instanceof ApiFault) {
    const { kind, message, fields: errors, jobId } = error;
    return { kind, message, ...(errors.length > 0 && { errors }), ...(jobId && { job_id: jobId }) };
  }
  const { kind, message, cause, fields: errors } = toFault(error);
  return {
    kind,
    message: kind === "internal" && cause instanceof Error ? cause.message : message,
    ...(errors.length > 0 && { errors }),
  };
}

export function exitCodeOf({ kind, errors = [] }: Failure): ExitCode {
  if (kind === "invalid" && errors.some(({ field }) => isSetting(field))) return 78;
  return codeOfKind[kind] ?? 1;
}

// Fields of orders are written small.
const isSetting = (field: string) => /^[A-Z]/.test(field);
