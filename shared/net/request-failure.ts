import { codeOf } from "#shared/errors.ts";

type FailureOptions = ErrorOptions & { transient?: boolean };

/** Why a request failed. `message` continues a sentence that begins with "the source", and is safe for clients. */
export class RequestFailure extends Error {
  override name = "RequestFailure";
  /** Whether the same request may succeed in a moment. */
  readonly transient: boolean;

  constructor(message: string, { transient = false, ...options }: FailureOptions = {}) {
    super(message, options);
    this.transient = transient;
  }
}

const cut = "cut the connection";
const unreachable = "cannot be reached";
const unknownForNow = "has a host name that does not resolve for now";

/** What may be over in a moment, by the code of the error. */
const transientFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused the connection",
  ECONNRESET: cut,
  EPIPE: cut,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  EAI_AGAIN: unknownForNow,
  ESERVFAIL: unknownForNow,
  ETIMEOUT: unknownForNow,
};

/** What another request would meet again. The first pattern that matches the code counts. */
const lastingFailures: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|ENODATA)$/, "has a host name that does not resolve"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "has a certificate for another name"],
  [/^CERT_HAS_EXPIRED$/, "has a certificate that has expired"],
  [/^HPE_/, "does not answer in proper HTTP"],
  [/CERT|SIGNED|VERIFY|ISSUER/, "has a certificate that is not trusted"],
  [/SSL|TLS|EPROTO/, "does not speak proper TLS"],
];

/** The failure that an error of Node's sockets, TLS, DNS or HTTP parser stands for. */
export function toRequestFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const code = codeOf(error);
  const transient = transientFailures[code];
  const lasting = lastingFailures.find(([pattern]) => pattern.test(code))?.[1];
  return new RequestFailure(transient ?? lasting ?? unreachable, { transient: transient !== undefined, cause: error });
}
