import type { components } from "./api.d.ts";

type Problem = components["schemas"]["Problem"];

/** What the service refused, or `unreachable` when nobody answered. `message` is for people, `kind` for programs. */
export class ApiFault extends Error {
  override name = "ApiFault";
  readonly kind: Problem["kind"];
  /** Of HTTP; 0 when nobody answered. */
  readonly status: number;
  readonly fields: NonNullable<Problem["errors"]>;
  /** The job that failed, or may exist. */
  readonly jobId: string | undefined;

  constructor(kind: Problem["kind"], message: string, { cause, status = 0, errors = [], job_id }: Details = {}) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.fields = errors;
    this.jobId = job_id;
  }

  /** Whether the same question may get another answer soon. */
  get isRetryable() {
    return transient.includes(this.kind);
  }
}

type Details = Partial<Pick<Problem, "status" | "errors" | "job_id">> & ErrorOptions;

const transient: Problem["kind"][] = ["unreachable", "busy", "rate_limited"];
