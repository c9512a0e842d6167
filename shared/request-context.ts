import { AsyncLocalStorage } from "node:async_hooks";

const current = new AsyncLocalStorage<string | undefined>();

/** The id of the HTTP request that the caller works for, if it does for one. */
export const requestIdNow = () => current.getStore();

/** Works for a request, or for none: what is logged meanwhile has its id. */
export const forRequest = <T>(id: string | undefined, work: () => T): T => current.run(id, work);
