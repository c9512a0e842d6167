/** How failed requests of a storage are retried, and how long one may take. */
export type RequestLimits = {
  /** The most attempts, the first one included. */
  attempts: number;
  /** The pause after the first failed attempt, which doubles with each further one. */
  firstPauseMs: number;
  /** How long the storage may take to answer, in milliseconds. */
  answerMs: number;
};

/** What the pauses between the attempts of all storages have in common. */
export const requestBackoff = { longestPauseMs: 10_000, jitter: 0.25 };
