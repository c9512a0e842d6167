/** Says where in the queue a job waits. */
export const waitingWords = ({ position }: { position?: number | undefined }) =>
  position === undefined ? "waiting" : `waiting as number ${position}`;
