import { useState } from 'preact/hooks';
import { Refusal } from '../data/refusal.ts';
import { type Credentials, enter, hasProvider } from '../data/who.ts';
import { refusal } from '../session.ts';

const ways = [
  ['key', 'API key'],
  ['user', 'User'],
] as const;
type Way = (typeof ways)[number][0];

const place = 'plumb-login';

const Field = ({ name, label, secret, first }: { name: string; label: string; secret: boolean; first: boolean }) => (
  <div class="field">
    <label for={name}>{label}</label>
    <input
      key={name}
      id={name}
      name={name}
      type={secret ? 'password' : 'text'}
      autocomplete={name === 'user' ? 'username' : name === 'password' ? 'current-password' : 'off'}
      autofocus={first}
      required
    />
  </div>
);

const Forms = () => {
  const [way, setWay] = useState<Way>(localStorage.getItem(place) === 'user' ? 'user' : 'key');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Refusal>();
  const choose = (chosen: Way) => {
    localStorage.setItem(place, chosen);
    setWay(chosen);
    setFailed(undefined);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !(event.currentTarget instanceof HTMLFormElement)) return;
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    const credentials: Credentials =
      way === 'key' ? { key: text('key') } : { user: text('user'), password: String(given.get('password') ?? '') };
    setBusy(true);
    setFailed(undefined);
    await enter(credentials).catch((error: unknown) => {
      setFailed(error instanceof Refusal ? error : new Refusal('internal', String(error)));
    });
    setBusy(false);
  };
  const told = failed ? `${failed.message}. ${failed.hint}` : refusal.value && `${refusal.value}: log in again.`;
  return (
    <>
      {hasProvider.value && (
        <>
          <form>
            <a class="btn do" href="/login/oidc" target="_self">
              Continue with your identity provider
            </a>
          </form>
          <p class="or">or</p>
        </>
      )}
      <form onSubmit={submit}>
        <fieldset class="seg">
          <legend class="vh">Log in with</legend>
          {ways.map(([value, word]) => (
            <button key={value} type="button" aria-pressed={way === value} onClick={() => choose(value)}>
              {word}
            </button>
          ))}
        </fieldset>
        {way === 'key' ? (
          <Field name="key" label="API key" secret first />
        ) : (
          <>
            <Field name="user" label="User" secret={false} first />
            <Field name="password" label="Password" secret first={false} />
          </>
        )}
        <button class={`btn ${hasProvider.value ? '' : 'do'}`} type="submit" disabled={busy}>
          Log in
        </button>
        <p class="told" role="alert">
          {told}
        </p>
      </form>
    </>
  );
};

/** Asks who it is. */
export const Login = () => (
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
      <Forms />
      <p class="quiet">
        At the terminal: <code>plumb up</code> prints a one-time link and where the site's key is;{' '}
        <code>plumb key create</code> and <code>plumb user set</code> give others access.
      </p>
    </section>
  </main>
);
