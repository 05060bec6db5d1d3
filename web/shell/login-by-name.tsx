import { useEffect, useRef, useState } from 'preact/hooks';
import { findCookie, key } from '../session.ts';

/** @returns why it failed; '' where one is logged in */
const logInAs = async (user: string, password: string): Promise<string> => {
  const body = JSON.stringify({ user, password });
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch('/api/v1/session', { method: 'POST', headers, body }).catch(() => undefined);
  if (!reply) return 'Plumbline does not answer';
  if (!reply.ok) {
    const { detail = `the API answered ${reply.status}` } = (await reply.json().catch(() => ({}))) as {
      detail?: string;
    };
    return detail;
  }
  await findCookie();
  return key.value === '' ? 'this browser keeps no session here: it wants TLS, or this very machine' : '';
};

/** The other ways in: by name and password, or at an identity provider where there is one. */
export const LoginByName = () => {
  const form = useRef<HTMLFormElement>(null);
  const [failed, setFailed] = useState('');
  const [oidc, setOidc] = useState(false);
  useEffect(() => {
    const ask = async () => setOidc(((await (await fetch('/api/v1/login')).json()) as { oidc: boolean }).oidc);
    ask().catch(() => {}); // the form itself tells that nothing answers
  }, []);
  const submit = async (event: Event) => {
    event.preventDefault();
    const given = new FormData(form.current ?? undefined);
    setFailed('');
    setFailed(await logInAs(String(given.get('user')), String(given.get('password'))));
  };
  return (
    <details>
      <summary>Log in by name instead</summary>
      <form ref={form} onSubmit={submit}>
        <div class="field">
          <label for="user">User</label>
          <input id="user" name="user" class="m" autocomplete="username" required />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input id="password" name="password" type="password" class="m" autocomplete="current-password" required />
        </div>
        <button class="btn" type="submit">
          Log in by name
        </button>
        <p class="told" role="alert">
          {failed && `${failed}.`}
        </p>
      </form>
      {oidc && (
        <p>
          <a href="/login/oidc" target="_self">
            Log in at your identity provider
          </a>
        </p>
      )}
    </details>
  );
};
