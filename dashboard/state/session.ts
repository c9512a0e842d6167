import { computed, signal } from "@preact/signals";
import { ApiFault, connect } from "#client/client.ts";

const item = "flux-encoder key";

/** For as long as this tab lives, and no longer. */
export const apiKey = signal(sessionStorage.getItem(item) ?? "");
/** The service asks for a key, or for another one. */
export const needsKey = signal(false);
/** The service does not answer at the moment. */
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

/** Whether a key fits: the service is asked. */
export async function isAccepted(key: string): Promise<boolean> {
  try {
    await connect({ server: "", apiKey: key }).jobs({ limit: 1 });
    return true;
  } catch (error) {
    if (error instanceof ApiFault && error.kind === "unauthenticated") return false;
    throw error;
  }
}

/** Notes whether the service answered and knew us; the failure is the caller's. */
export async function noted<T>(asked: Promise<T>): Promise<T> {
  try {
    const answer = await asked;
    isLost.value = false;
    return answer;
  } catch (error) {
    if (error instanceof ApiFault) {
      if (error.kind === "unauthenticated") needsKey.value = true;
      // A refusal is an answer.
      isLost.value = error.status === 0 || error.status === 502 || error.status === 504;
    }
    throw error;
  }
}
