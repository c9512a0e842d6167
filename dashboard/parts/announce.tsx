import { signal } from "@preact/signals";

const said = signal("");

/** Tells a screen reader what else is only seen. */
export const announce = (text: string) => {
  said.value = text;
};

export const Announcements = () => (
  <p class="unseen" aria-live="polite">
    {said}
  </p>
);
