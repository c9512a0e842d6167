import type { Client } from "#controlplane/auth/client.ts";

/** What is known of a request on its way through the app. */
export type AppEnv = {
  /** Absent where the app runs as a plain fetch handler. */
  Bindings: {
    server?: {
      timeout(request: Request, seconds: number): void;
      requestIP(request: Request): { address: string } | null;
    };
  };
  /** `client` is absent before one is authenticated. */
  Variables: { requestId: string; client: Client; jobId?: string };
};
