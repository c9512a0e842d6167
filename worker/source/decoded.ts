import type { Answer } from "#shared/net/guarded-request.ts";
import { RequestFailure } from "#shared/net/request-failure.ts";
import { canUndo, codingsIn, undone } from "./content-coding.ts";
import { makeSpeedCheck } from "./min-speed.ts";
import { checkSize, type SourceLimits } from "./source-writer.ts";

const maxCodings = 3;

/**
 * Decodes an answer of a server that compresses although it was asked not to. Lengths, ranges and validators are those
 * of the compressed body, so they are dropped, and such a source is downloaded in one piece. The limits are applied to
 * the compressed body here, and to the decoded one by whoever reads it.
 */
export function decoded(answer: Answer, limits: SourceLimits): Answer {
  const { status, headers, body } = answer;
  const codings = status >= 200 && status <= 299 ? codingsIn(headers["content-encoding"]) : [];
  if (codings.length === 0) return answer;
  try {
    checkCodings(codings);
    const { maxBytes = Number.POSITIVE_INFINITY } = limits;
    checkSize(Number(headers["content-length"] ?? 0), maxBytes);
    const whole = Object.entries(headers).filter(([name]) => !ofTheSent.includes(name));
    return {
      ...answer,
      headers: Object.fromEntries(whole),
      body: codings.reduceRight(undone, counted(body, maxBytes, makeSpeedCheck(limits))),
    };
  } catch (error) {
    answer[Symbol.dispose]();
    throw error;
  }
}

const ofTheSent = ["content-encoding", "content-length", "content-range", "accept-ranges", "etag", "last-modified"];

function checkCodings(codings: readonly string[]): void {
  const unknown = codings.find((coding) => !canUndo(coding));
  if (unknown) throw new RequestFailure(`is sent in the content coding ${unknown}; have it sent as it is`);
  if (codings.length > maxCodings) throw new RequestFailure(`is compressed more than ${maxCodings} times over`);
}

async function* counted(body: AsyncIterable<Uint8Array>, maxBytes: number, checkSpeed: (bytes: number) => void) {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    checkSize(bytes, maxBytes);
    checkSpeed(piece.length);
    yield piece;
  }
}
