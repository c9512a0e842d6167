import { client, eventually } from "#tests/support/service.ts";
import type { Rig } from "./rig.ts";

/** Waits until the waiting room is empty; returns what it holds for good. */
export async function roomProblems({ hasRoom, controlplanes }: Pick<Rig, "hasRoom" | "controlplanes">) {
  const problems: string[] = [];
  for (const { name, url } of hasRoom ? controlplanes : []) {
    let held: unknown = "what it does not tell";
    // It may be starting again.
    const isEmpty = async () => {
      const answer = await client(url)
        .ask("/queue")
        .catch(() => undefined);
      if (answer?.status !== 200) return false;
      held = answer.body;
      return answer.body["waiting"] === 0 && answer.body["running"] === 0;
    };
    await eventually(isEmpty, "", 30_000).catch(() => problems.push(`${name} holds ${JSON.stringify(held)}`));
  }
  return problems;
}
