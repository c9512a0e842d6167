import { useSignal } from "@preact/signals";
import { isAccepted, signIn } from "../state/session.ts";

export function SignIn() {
  const key = useSignal("");
  const problem = useSignal("");
  const enter = async (event: Event) => {
    event.preventDefault();
    problem.value = "";
    try {
      if (await isAccepted(key.value.trim())) return signIn(key.value.trim());
      problem.value = "This key is not accepted.";
    } catch (error) {
      problem.value = error instanceof Error ? error.message : "The service does not answer.";
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
          aria-invalid={problem.value !== ""}
          aria-describedby="key-problem"
          onInput={({ currentTarget }) => {
            key.value = currentTarget.value;
          }}
        />
        <p id="key-problem" class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
