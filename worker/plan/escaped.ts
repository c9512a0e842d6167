/** A path as the value of an option within a graph of filters, each of which takes away one level. */
export const escaped = (path: string) => path.replace(/[\\':]/g, "\\$&").replace(/[\\'[\],;]/g, "\\$&");
