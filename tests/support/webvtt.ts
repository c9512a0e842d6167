import { type Cue, type Node, WebVTTParser } from "webvtt-parser";
import entities from "webvtt-parser/html-entities.json";

/** The cues that a player shows of a WebVTT file; anything in it that the format does not allow is an error. */
export function cuesOf(webvtt: string) {
  const { cues, errors } = new WebVTTParser(entities).parse(webvtt, "subtitles/captions/descriptions");
  if (errors.length > 0) throw new Error(`${JSON.stringify(errors)}\n${webvtt}`);
  return cues.map(shown);
}

const shown = (cue: Cue) => ({
  id: cue.id,
  start: cue.startTime,
  end: cue.endTime,
  text: cue.tree.children.map(plain).join(""),
  /** The text in elements, such as `b(bold)`. */
  styled: cue.tree.children.map(styled).join(""),
  line: cue.linePosition === "auto" ? "auto" : `${cue.linePosition}${cue.snapToLines ? "" : "%"}`,
  position: cue.textPosition,
  align: cue.alignment,
});

const plain = (node: Node): string => (node.type === "text" ? node.value : (node.children ?? []).map(plain).join(""));

const styled = (node: Node): string =>
  node.type === "text"
    ? node.value
    : `${[node.name, ...node.classes].join(".")}(${node.children.map(styled).join("")})`;
