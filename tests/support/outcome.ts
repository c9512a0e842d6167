/**
 * What a promise rejects with, for matchers: `expect(await rejection(promise)).toMatchObject(…)`. Tests use it in place of
 * `.rejects` and `.resolves`, and of `toThrow` on a function that returns a promise. There Bun does not await: it runs its event
 * loop again from within until the promise settles, and the exit of a subprocess or the bytes of a socket that are reported
 * meanwhile can be lost for good, so that whoever waits for them hangs (oven-sh/bun#33261 and #43697).
 */
export async function rejection(promise: PromiseLike<unknown> | undefined): Promise<unknown> {
  const [settled] = await Promise.allSettled([promise]);
  if (settled.status === "rejected") return settled.reason;
  throw new Error(`the promise was not rejected, but fulfilled with ${Bun.inspect(settled.value)}`);
}

/**
 * How a promise ends, as a function that returns its value or throws what it rejects with:
 * `expect(await outcome(promise)).toThrow("words")`. `rejection` says why tests do not leave the waiting to a matcher.
 */
export async function outcome<T>(promise: PromiseLike<T>): Promise<() => T> {
  const [settled] = await Promise.allSettled([promise]);
  return () => {
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  };
}
