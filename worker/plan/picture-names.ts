/** How the pictures beside a film are called. */
export type PictureNames = {
  /** What the names of the sheets of small pictures, and of the WebVTT that names them, begin with. */
  sheets: string;
  preview(format: string): string;
  poster: string;
  /** What the names of pictures at given moments begin with. */
  still: string;
};

/** Beside a single file: at the destination `output` becomes the name of that. */
export const besideFile: PictureNames = {
  sheets: "output",
  preview: (format) => `output.preview.${format}`,
  poster: "output.poster.jpg",
  still: "output.still",
};

/** Where such pictures are all that there is: the first of them is the output itself. */
export const withoutFilm: PictureNames = {
  ...besideFile,
  preview: (format) => `output.${format}`,
  poster: "output.jpg",
};

/** In the folder of segments. */
export const besideSegments: PictureNames = {
  sheets: "thumbnails",
  preview: (format) => `preview.${format}`,
  poster: "poster.jpg",
  still: "still",
};

/** The name of one of several, counted from 0. */
export const numbered = (begin: string, at: number) => `${begin}_${String(at + 1).padStart(2, "0")}.jpg`;
