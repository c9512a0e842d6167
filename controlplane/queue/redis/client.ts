import { RedisClient } from "bun";
import { inTime } from "#shared/async/in-time.ts";
import { codeOf } from "#shared/errors.ts";
import type { Log } from "#shared/log.ts";
import { Fenced, RoomFault } from "../waiting-room.ts";
import { options } from "./options.ts";
import { reasonOf, wordOf } from "./refusals.ts";
import { type ScriptName, scripts } from "./scripts.ts";

type Options = {
  /** The prefix of all keys. */
  prefix: string;
  log: Log;
  /** How long Redis may take to answer. */
  answerMs: number;
  /** Called at each connection. */
  onConnect(): void;
  /** Called when the connection was given up: others may lead to a Redis that is frozen, or no primary, as well. */
  onGivenUp(): void;
};

/** A client that stays: it connects again for as long as it takes, and never sends a command later than it was asked to. */
export function connectScripts(url: string, { prefix, log, answerMs, onConnect, onGivenUp }: Options) {
  const client = new RedisClient(url, options);
  let problem: string | undefined = "it has not been reached yet";
  let isClosed = false;
  client.onconnect = () => {
    problem = undefined;
    onConnect();
  };

  const connect = () => client.connect().catch((err) => isClosed || log.debug({ err }, "Redis is away"));
  /** A frozen Redis answers nothing, and nothing but this ends the commands that wait for it. */
  const reconnect = () => {
    client.close();
    if (isClosed) return;
    void connect();
    onGivenUp();
  };
  void connect();

  const tooLate = () => new RoomFault(`no answer within ${answerMs} ms`, { isAnswerLost: true });
  const send = (command: string, args: string[]) => {
    if (!client.connected) throw new RoomFault(problem ?? "there is no connection");
    return inTime(client.send(command, args), answerMs, tooLate);
  };
  const evaluate = async (name: ScriptName, args: readonly string[]) => {
    const { text, sha } = scripts[name];
    const rest = ["1", prefix, ...args];
    try {
      return await send("EVALSHA", [sha, ...rest]);
    } catch (error) {
      // A restart has Redis forget scripts; nothing was done then.
      if (wordOf(error) !== "NOSCRIPT") throw error;
      return await send("EVAL", [text, ...rest]);
    }
  };

  return {
    /** Runs a script. Rejects with a RoomFault at once while Redis is away, and after a time-out when it is frozen. */
    async run(name: ScriptName, args: readonly string[]): Promise<unknown> {
      try {
        const reply = await evaluate(name, args);
        problem = undefined;
        return reply;
      } catch (error) {
        const isLate = error instanceof RoomFault && error.isAnswerLost;
        // A primary that was demoted keeps its connections, and a new one may lead to who is primary now.
        if (isLate || wordOf(error) === "READONLY") reconnect();
        const fault = faultOf(error);
        if (fault instanceof RoomFault) problem = fault.fields[0]?.message;
        throw fault;
      }
    },
    /** What is wrong with Redis; undefined when it answered last. */
    problem: () => (client.connected ? problem : (problem ?? "there is no connection")),
    close() {
      isClosed = true;
      client.close();
    },
  };
}

function faultOf(cause: unknown): unknown {
  if (cause instanceof RoomFault || !(cause instanceof Error)) return cause;
  if (wordOf(cause) === "FENCED") return new Fenced("another control plane hands over orders now");
  const isRefusal = codeOf(cause) === "ERR_REDIS_SERVER_ERROR";
  return new RoomFault(reasonOf(cause), { cause, isAnswerLost: !isRefusal });
}
