import { signal } from "@preact/signals";

const announced = signal("");

/** Announces to screen readers what changes elsewhere on the page. */
export const announce = (text: string) => {
  announced.value = text;
};

export const Announcements = () => (
  <p class="unseen" aria-live="polite">
    {announced}
  </p>
);
