declare module "webvtt-parser" {
  type Node = { type: "text"; value: string } | { type: "object"; name: string; classes: string[]; children: Node[] };
  type Cue = {
    id: string;
    startTime: number;
    endTime: number;
    snapToLines: boolean;
    linePosition: number | "auto";
    textPosition: number | "auto";
    alignment: string;
    direction: string;
    text: string;
    tree: { children: Node[] };
  };
  /** The reference parser and validator of the W3C. */
  class WebVTTParser {
    constructor(entities: Readonly<Record<string, unknown>>);
    parse(text: string, mode: "subtitles/captions/descriptions"): { cues: Cue[]; errors: { message: string }[] };
  }
}
