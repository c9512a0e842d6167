import { Webhook } from "standardwebhooks";
import type { EventJson } from "#shared/job/event.ts";

type ReceivedWebhook = { id: string; body: string; event: EventJson; headers: Headers; path: string };

type Answer = (n: number, request: Request) => Response | Promise<Response>;

const thanks: Answer = () => new Response(null, { status: 204 });

/** Takes webhooks; `received` holds those whose signature another library found right, `all` counts the rest too. */
export function webhookReceiver({
  secret,
  answer = thanks,
  port = 0,
}: {
  secret: string;
  answer?: Answer;
  port?: number;
}) {
  const received: ReceivedWebhook[] = [];
  const waiting = new Set<() => void>();
  let all = 0;
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request) {
      const n = all;
      all += 1;
      const body = await request.text();
      try {
        new Webhook(secret).verify(body, request.headers.toJSON());
        const { pathname, search } = new URL(request.url);
        const id = request.headers.get("webhook-id") ?? "";
        received.push({ id, body, event: JSON.parse(body), headers: request.headers, path: pathname + search });
      } finally {
        for (const wake of waiting) wake();
      }
      return await answer(n, request);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/hook?token=of-the-receiver`,
    port: server.port ?? 0,
    received,
    get all() {
      return all;
    },
    /** Resolves when so many were received. */
    async until(count: number) {
      while (received.length < count) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        await promise;
        waiting.delete(resolve);
      }
      return received;
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
