/** The classes of orders, the most urgent first. */
export const priorities = ["high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

export const isPriority = (text: string): text is Priority => priorities.some((priority) => priority === text);
