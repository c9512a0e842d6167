import { handle, type LambdaContext, type LambdaEvent } from "hono/aws-lambda";
import { makeApp } from "#controlplane/app.ts";
import type { Config } from "#controlplane/config.ts";
import { makeService, type ServiceDeps } from "#controlplane/service.ts";
import { usualDeps } from "#controlplane/start.ts";

/** Answers one event after the other of a function URL, an API gateway or a load balancer. */
export function lambdaHandler(config: Config, given: Partial<ServiceDeps> = {}) {
  const deps = usualDeps(config, given);

  return async (event: LambdaEvent, context?: LambdaContext) => {
    // The process is frozen after each answer: a connection or a job's state that it kept would be old at the next.
    const closing = new AbortController();
    const service = makeService(config, deps, closing.signal);
    try {
      return await handle(makeApp(service.app))(event, context);
    } finally {
      closing.abort();
      await service.close();
    }
  };
}
