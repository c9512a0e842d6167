type FailureOptions = ErrorOptions & { passing?: boolean };

/** Why a request came to nothing. `message` follows whom was asked ("the source ...") and is safe for clients. */
export class RequestFailure extends Error {
  override name = "RequestFailure";
  /** Whether the same request may go well in a moment. */
  readonly passing: boolean;

  constructor(message: string, { passing = false, ...options }: FailureOptions = {}) {
    super(message, options);
    this.passing = passing;
  }
}

const unreachable = { message: "cannot be reached", passing: true };
const cut = { message: "cut the connection", passing: true };
const untrusted = { message: "has a certificate that is not trusted", passing: false };
const unknownForNow = { message: "has a host name that does not resolve for now", passing: true };
const unknownName = { message: "has a host name that does not resolve", passing: false };

const byCode: Readonly<Record<string, { message: string; passing: boolean }>> = {
  ECONNREFUSED: { message: "refused the connection", passing: true },
  ECONNRESET: cut,
  EPIPE: cut,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  ENOTFOUND: unknownName,
  ENODATA: unknownName,
  EAI_AGAIN: unknownForNow,
  ESERVFAIL: unknownForNow,
  ETIMEOUT: unknownForNow,
  ERR_TLS_CERT_ALTNAME_INVALID: { message: "has a certificate for another name", passing: false },
  CERT_HAS_EXPIRED: { message: "has a certificate that has expired", passing: false },
};

const byPattern = [
  { pattern: /^HPE_/, failure: { message: "does not answer in proper HTTP", passing: false } },
  { pattern: /CERT|SIGNED|VERIFY|ISSUER/, failure: untrusted },
  { pattern: /SSL|TLS|EPROTO/, failure: { message: "does not speak proper TLS", passing: false } },
];

/** What an error of Node's sockets, TLS, DNS or HTTP parser means. */
export function toRequestFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = byCode[code] ?? byPattern.find(({ pattern }) => pattern.test(code))?.failure;
  return new RequestFailure(known?.message ?? unreachable.message, { passing: known?.passing ?? false, cause: error });
}
