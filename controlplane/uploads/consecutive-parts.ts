import * as v from "valibot";

const Part = v.looseObject({ PartNumber: v.optional(v.number(), 0) });
type Part = v.InferOutput<typeof Part>;
type ListParts = (id: string, marker?: string) => Promise<unknown>;

/**
 * Has the S3 store of tus take for uploaded what reaches from the first part to the first that is missing. It sends several
 * parts at a time: when one of them fails, those behind it arrive all the same, and it would count them, so that the client
 * went on behind a hole and the file came out shifted. They are sent again under the same numbers.
 */
export function countWholeParts(tus: object): void {
  const inner: { retrieveParts: ListParts } = Object(tus);
  const listed = inner.retrieveParts.bind(tus);
  Object.assign(tus, {
    async retrieveParts(id: string, marker?: string) {
      const parts = v.parse(v.array(Part), await listed(id, marker));
      // The store calls this again for each page, and puts the pages together.
      return marker === undefined ? consecutive(parts) : parts;
    },
  });
}

export function consecutive<P extends Pick<Part, "PartNumber">>(parts: readonly P[]): P[] {
  const hole = parts.findIndex(({ PartNumber }, index) => PartNumber !== index + 1);
  return hole < 0 ? [...parts] : parts.slice(0, hole);
}
