/** A function that runs the first time it is called, and answers the same ever after. */
export function once<T>(run: () => T): () => T {
  let ran: { result: T } | undefined;
  return () => {
    ran ??= { result: run() };
    return ran.result;
  };
}
