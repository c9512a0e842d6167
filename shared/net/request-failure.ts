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

const unreachable = { message: "cannot be reached", transient: true };
const cut = { message: "cut the connection", transient: true };
const untrusted = { message: "has a certificate that is not trusted", transient: false };
const unknownForNow = { message: "has a host name that does not resolve for now", transient: true };
const unknownName = { message: "has a host name that does not resolve", transient: false };

const byCode: Readonly<Record<string, { message: string; transient: boolean }>> = {
  ECONNREFUSED: { message: "refused the connection", transient: true },
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
  ERR_TLS_CERT_ALTNAME_INVALID: { message: "has a certificate for another name", transient: false },
  CERT_HAS_EXPIRED: { message: "has a certificate that has expired", transient: false },
};

const byPattern = [
  { pattern: /^HPE_/, failure: { message: "does not answer in proper HTTP", transient: false } },
  { pattern: /CERT|SIGNED|VERIFY|ISSUER/, failure: untrusted },
  { pattern: /SSL|TLS|EPROTO/, failure: { message: "does not speak proper TLS", transient: false } },
];

/** The failure that an error of Node's sockets, TLS, DNS or HTTP parser stands for. */
export function toRequestFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = byCode[code] ?? byPattern.find(({ pattern }) => pattern.test(code))?.failure;
  return new RequestFailure(known?.message ?? unreachable.message, {
    transient: known?.transient ?? false,
    cause: error,
  });
}
