import type { Client } from "#controlplane/auth/client.ts";

/** The environment of a request in the Hono app. */
export type AppEnv = {
  /** The Bun server; absent where the app runs as a plain fetch handler. */
  Bindings: {
    server?: {
      timeout(request: Request, seconds: number): void;
      requestIP(request: Request): { address: string } | null;
    };
  };
  /** What middleware notes. `client` is not there before authentication, whatever the type says. */
  Variables: { requestId: string; client: Client; jobId?: string };
};
