import { Fault, type FaultKind } from "#shared/fault.ts";

/** A fault of a job that exists, or may exist: its id lets the client look again later. */
export class JobFault extends Fault {
  readonly jobId: string;

  constructor(jobId: string, kind: FaultKind, message: string, options?: ErrorOptions) {
    super(kind, message, options);
    this.jobId = jobId;
  }
}
