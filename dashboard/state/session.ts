import { computed, signal } from "@preact/signals";
import { ApiFault, connect } from "#client/client.ts";

const item = "flux-encoder key";

/** The API key; it is kept for this tab and forgotten when the tab closes. */
export const apiKey = signal(sessionStorage.getItem(item) ?? "");
/** Whether the service requires an API key, or another one. */
export const needsKey = signal(false);
/** Whether the service does not answer at the moment. */
export const isLost = signal(false);

export const client = computed(() => connect({ server: "", apiKey: apiKey.value || undefined }));

export function signIn(key: string) {
  sessionStorage.setItem(item, key);
  apiKey.value = key;
  needsKey.value = false;
}

export function signOut() {
  sessionStorage.removeItem(item);
  apiKey.value = "";
  needsKey.value = true;
}

/** Asks the service whether it accepts an API key. */
export async function isAccepted(key: string): Promise<boolean> {
  try {
    await connect({ server: "", apiKey: key }).jobs({ limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof ApiFault && error.kind === "unauthenticated") return false;
    throw error;
  }
}

/** Notes from a call whether the service answers and accepts the API key. Its failure is passed on. */
export async function noted<T>(asked: Promise<T>): Promise<T> {
  try {
    const answer = await asked;
    isLost.value = false;
    return answer;
  } catch (error) {
    if (error instanceof ApiFault) {
      if (error.kind === "unauthenticated") needsKey.value = true;
      // Any other status is an answer of the service, as is a 502 or 504 that says another kind.
      const isGateway = error.status === 502 || error.status === 504;
      isLost.value = error.status === 0 || (isGateway && error.kind === "unreachable");
    }
    throw error;
  }
}
