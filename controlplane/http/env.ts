import type { Client } from "./auth.ts";

/** What is known of a request on its way through the app. */
export type AppEnv = {
  /** Absent where the app runs as a plain fetch handler. */
  Bindings: { server?: { timeout(request: Request, seconds: number): void } };
  Variables: { requestId: string; client: Client; jobId?: string };
};
