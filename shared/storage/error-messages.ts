const unreachable = "the storage cannot be reached";
const cut = "the storage cut the connection";

const notTrusted = "the storage's certificate is not trusted";

export const tooSlow = "the storage did not answer in time";
export const refusedCredentials = "the storage refused the credentials";
export const full = "the storage is full";

/** What a connection's error means, by its code. */
export const connectionMessages: Readonly<Record<string, string>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: cut,
  EPIPE: cut,
  ETIMEDOUT: tooSlow,
  SELF_SIGNED_CERT_IN_CHAIN: notTrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: notTrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT: notTrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: notTrusted,
  CERT_HAS_EXPIRED: "the storage's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the storage's certificate is for another name",
};
