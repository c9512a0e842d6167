import { Fault, type FaultKind, type FieldError } from "#shared/fault.ts";

type JobFaultOptions = ErrorOptions & {
  /** The fields of the order that are to blame. Default: none. */
  fields?: readonly FieldError[];
  mayRepeat?: boolean;
};

/** A fault of a job that exists or may exist: with the job id the client can ask again later. */
export class JobFault extends Fault {
  readonly jobId: string;
  /** Whether the client may repeat the request; else that would make a second job. */
  readonly mayRepeat: boolean;

  constructor(
    jobId: string,
    kind: FaultKind,
    message: string,
    { mayRepeat = false, ...options }: JobFaultOptions = {},
  ) {
    super(kind, message, options);
    this.jobId = jobId;
    this.mayRepeat = mayRepeat;
  }
}
