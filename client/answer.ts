import type { components } from "./api.d.ts";
import { ApiFault } from "./fault.ts";

/** Returns a successful answer, and throws any other as an ApiFault. */
export async function answered(ask: () => Promise<Response>, server: string, signal: AbortSignal | undefined) {
  const answer = await ask().catch((cause) => {
    signal?.throwIfAborted();
    throw new ApiFault("unreachable", `no answer from ${server}`, { cause });
  });
  if (answer.ok) return answer;
  throw await faultOf(answer);
}

async function faultOf(answer: Response) {
  const problem = problemIn(await answer.text().catch(() => ""));
  const { status, statusText } = answer;
  const { kind = isGateway(status) ? "unreachable" : "internal", detail, title } = problem;
  return new ApiFault(kind, detail ?? title ?? `the service answered ${status} ${statusText}`, { ...problem, status });
}

// These statuses come from a proxy whose service does not answer.
const isGateway = (status: number) => status >= 502 && status <= 504;

function problemIn(text: string): Partial<components["schemas"]["Problem"]> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
