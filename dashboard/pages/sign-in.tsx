import { useSignal } from "@preact/signals";
import { isAccepted, signIn } from "../state/session.ts";

export function SignIn() {
  const key = useSignal("");
  const trouble = useSignal("");
  const enter = async (event: Event) => {
    event.preventDefault();
    trouble.value = "";
    try {
      if (await isAccepted(key.value.trim())) return signIn(key.value.trim());
      trouble.value = "This key is not accepted.";
    } catch (error) {
      trouble.value = error instanceof Error ? error.message : "The service does not answer.";
    }
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={enter}>
        <h1>flux-encoder</h1>
        <p>This service asks for an API key. It is kept in this tab and forgotten when you close it.</p>
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          required
          value={key.value}
          aria-invalid={trouble.value !== ""}
          aria-describedby="key-trouble"
          onInput={({ currentTarget }) => {
            key.value = currentTarget.value;
          }}
        />
        <p id="key-trouble" class="trouble" role="alert">
          {trouble.value}
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
