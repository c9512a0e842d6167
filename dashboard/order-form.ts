import { ApiFault, type Order } from "#client/client.ts";

/** The fields of the form for a new job. */
export type Form = {
  /** Where the source is. */
  input_url: string;
  /** The name of a preset. */
  preset: string;
  /** Empty for the service's default. */
  storage: string;
  /** Empty to have the service choose one. */
  path: string;
  /** Whether an output that is there is replaced. */
  overwrite: boolean;
  /** Empty for no webhook. */
  callback_url: string;
};
/** A fault of an order: a message for the whole, and one for each field by its name. */
export type Fault = {
  /** For the order as a whole; empty where nothing is wrong. */
  message: string;
  /** By the name of the field. */
  fields: Record<string, string>;
};

export const emptyForm: Form = { input_url: "", preset: "", storage: "", path: "", overwrite: false, callback_url: "" };
export const noFault: Fault = { message: "", fields: {} };

/** Makes the order of a form; empty fields are left out. */
export function orderIn({ input_url, preset, storage, path, overwrite, callback_url }: Form): Order {
  const output = {
    ...(isStorage(storage) && { storage }),
    ...(path && { path }),
    ...(overwrite && { overwrite }),
  };
  return {
    input_url: input_url.trim(),
    preset,
    ...(Object.keys(output).length > 0 && { output }),
    ...(callback_url && { callback_url: callback_url.trim() }),
  };
}

type Storage = NonNullable<NonNullable<Order["output"]>["storage"]>;
// The type requires every storage that the API knows.
const storages: Readonly<Record<Storage, true>> = { local: true, s3: true, ftp: true };
const isStorage = (name: string): name is Storage => Object.hasOwn(storages, name);
export const storageNames: readonly Storage[] = Object.keys(storages).filter(isStorage);

export function faultOf(error: unknown): Fault {
  if (!(error instanceof ApiFault)) return { message: String(error), fields: {} };
  const fields = Object.fromEntries(error.fields.map(({ field, message }) => [field, message]));
  return { message: error.fields.length > 0 ? "Some fields are not valid." : error.message, fields };
}
