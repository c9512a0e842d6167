import { useSignal } from "@preact/signals";
import { announce } from "./announce.tsx";

type Props = { text: string; label: string };

/** A button that copies a text. Where the browser forbids that, it shows the text for copying by hand. */
export function Copy({ text, label }: Props) {
  const state = useSignal<"" | "copied" | "shown">("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      state.value = "copied";
      announce("Copied");
    } catch {
      state.value = "shown";
    }
  };
  return (
    <>
      <button type="button" onClick={copy}>
        {state.value === "copied" ? "Copied" : label}
      </button>
      {state.value === "shown" && <pre class="code">{text}</pre>}
    </>
  );
}
