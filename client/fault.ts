import type { components } from "./api.d.ts";

type Problem = components["schemas"]["Problem"];

/** A refusal of the service, or `unreachable` when it did not answer. `message` is for people, `kind` for programs. */
export class ApiFault extends Error {
  override name = "ApiFault";
  readonly kind: Problem["kind"];
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly fields: NonNullable<Problem["errors"]>;
  /** The id of the job that failed, or that may have been made. */
  readonly jobId: string | undefined;

  constructor(kind: Problem["kind"], message: string, { cause, status = 0, errors = [], job_id }: Details = {}) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.fields = errors;
    this.jobId = job_id;
  }

  /** Whether the same request may succeed soon. */
  get isRetryable() {
    return transient.includes(this.kind);
  }
}

type Details = Partial<Pick<Problem, "status" | "errors" | "job_id">> & ErrorOptions;

const transient: Problem["kind"][] = ["unreachable", "busy", "rate_limited"];
