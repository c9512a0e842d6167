const unreachable = "the storage cannot be reached";
const cut = "the storage cut the connection";

export const tooSlow = "the storage did not answer in time";
export const refusedCredentials = "the storage refused the credentials";
export const full = "the storage is full";

/** What a connection's error means, by its code. */
export const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ECONNRESET: cut,
  EPIPE: cut,
  ETIMEDOUT: tooSlow,
};
