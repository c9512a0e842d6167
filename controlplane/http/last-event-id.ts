/** Reads a Last-Event-ID header: the sequence number of the last event that a client has; 0 when it names none. */
export const sequenceIn = (header: string | undefined): number => Number.parseInt(header ?? "", 10) || 0;
