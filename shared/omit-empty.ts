type Filled<T> = { [Name in keyof T]?: NonNullable<T[Name]> };

/** The fields that hold something: no undefined, false, zero or empty text, and no list or object without content. */
export const omitEmpty = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => isFilled(value))) as Filled<T>;

const isFilled = (value: unknown) =>
  typeof value === "object" && value !== null ? Object.keys(value).length > 0 : Boolean(value);
