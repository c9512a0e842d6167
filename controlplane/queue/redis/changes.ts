import { RedisClient } from "bun";
import type { Log } from "#shared/log.ts";
import { options } from "./options.ts";

type Listener = (message: string | undefined) => void;

/**
 * Listens to a channel with a connection of its own. Each new subscription is told as undefined, because what was published
 * before it is lost.
 */
export function subscribeChanges(url: string, channel: string, tell: Listener, log: Log) {
  const client = new RedisClient(url, options);
  const listener = (message: string) => tell(message);
  let wasSubscribed = false;
  let isClosed = false;
  const subscribed = Promise.withResolvers<void>();

  const subscribe = async () => {
    // Bun forgets subscriptions when it connects again, but keeps their listeners: each would be called twice.
    if (wasSubscribed) await client.unsubscribe(channel);
    wasSubscribed = true;
    await client.subscribe(channel, listener);
    subscribed.resolve();
    tell(undefined);
  };
  client.onconnect = () => {
    subscribe().catch((err) => {
      if (!isClosed) log.warn({ err }, "changes in the waiting room are not heard until Redis is connected again");
    });
  };
  const connect = () => void client.connect().catch((err) => isClosed || log.debug({ err }, "Redis is away"));
  connect();

  return {
    /** Resolves at the first subscription. */
    subscribed: subscribed.promise,
    /** Gives up the connection for a new one: nothing tells when one is dead that only listens. */
    reconnect() {
      client.close();
      connect();
    },
    [Symbol.dispose]() {
      isClosed = true;
      client.close();
    },
  };
}
