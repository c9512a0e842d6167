/** Runs work. When it fails, cleans up and throws the failure, even if the clean-up fails too. */
export async function cleanUpOnFailure<T>(work: () => Promise<T>, cleanUp: () => Promise<unknown>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await cleanUp().catch(() => {});
    throw error;
  }
}
