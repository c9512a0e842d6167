type Options = {
  /** How long to wait for more work after the last job. */
  graceMs: number;
  /** How long to wait for the first job. */
  timeoutMs: number;
  stop(): void;
};

/** Decides when a worker without work stops itself. */
export function makeIdleStop({ graceMs, timeoutMs, stop }: Options) {
  let timer = setTimeout(stop, timeoutMs);
  return {
    busy: () => clearTimeout(timer),
    idle() {
      clearTimeout(timer);
      timer = setTimeout(stop, graceMs);
    },
  };
}
