/** The outcome of the work, or a failure once so many milliseconds have passed. The work itself goes on unheard. */
export function inTime<T>(work: Promise<T>, ms: number, tooLate: () => Error): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooLate()), ms);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
