import { useRef, useState } from 'preact/hooks';
import { Refusal } from '../data/refusal.ts';
import { logIn, refusal } from '../session.ts';
import { LoginByName } from './login-by-name.tsx';

/** Asks for the API key, and tries it before it is kept. */
export const Login = () => {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Refusal>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const given = field.current?.value.trim() ?? '';
    if (given === '') return field.current?.focus();
    setBusy(true);
    setFailed(undefined);
    logInTo(given).catch((error: unknown) => {
      setBusy(false);
      setFailed(error instanceof Refusal ? error : new Refusal('internal', String(error)));
      field.current?.focus();
    });
  };
  const told = failed ? `${failed.message}.` : refusal.value && `${refusal.value}: log in again.`;
  return (
    <main id="main" class="login">
      <section class="sill hide-s" aria-hidden="true">
        <svg class="drop" viewBox="0 0 400 520" aria-hidden="true">
          <path d="M200 0v404" />
          <path class="bob" d="M176 404h48l-24 76z" />
          <path d="M40 500h320" />
        </svg>
      </section>
      <section>
        <p class="brand big">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <use href="#m-bob" />
          </svg>
          Plumbline
        </p>
        <div>
          <h1>Log in to this site</h1>
          <p>Every network device, true to its intended configuration.</p>
        </div>
        <form onSubmit={submit}>
          <div class="field">
            <label for="key">API key</label>
            <input
              id="key"
              ref={field}
              type="password"
              class="m"
              autocomplete="off"
              autofocus
              aria-describedby="told"
            />
          </div>
          <button class="btn do" type="submit" disabled={busy}>
            Log in
          </button>
          <p id="told" class="told" role="alert">
            {told}
          </p>
        </form>
        <LoginByName />
        <p class="quiet">
          <code>plumb key create</code> makes one for you; the site's own is in <code>.plumb/api-key</code> where{' '}
          <code>plumb api</code> first ran, and <code>plumb up</code> prints where. It is kept in this tab until that is
          closed.
        </p>
      </section>
    </main>
  );
};

/** @throws Refusal where the key is not the right one */
const logInTo = async (given: string): Promise<void> => {
  const reply = await fetch('/api/v1/session', { headers: { authorization: `Bearer ${given}` } }).catch(() => {
    throw new Refusal('no_connection', 'Plumbline does not answer');
  });
  if (reply.ok) return logIn(given);
  const { code = '', detail = `the API answered ${reply.status}` } = (await reply.json().catch(() => ({}))) as Record<
    string,
    string
  >;
  throw new Refusal(code, detail);
};
