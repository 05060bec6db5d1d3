import type { Configuration, IDToken, UserInfoResponse } from 'openid-client';
import type { Grant, LoginUnderWay } from '../../core/access.ts';
import type { Oidc } from '../../core/config/api-config.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { personName } from './log-in.ts';
import type { LoggedIn } from './sessions.ts';

type Claims = IDToken & Partial<UserInfoResponse>;

const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:\/|$)/;

/** The identity provider: found when somebody logs in first, and again where that failed. */
export class Provider {
  readonly #settings: Oidc;
  #found: Promise<Configuration> | undefined;

  /** @throws PlumbError `invalid_request` for a provider that would be asked in plain text */
  constructor(settings: Oidc) {
    this.#settings = settings;
    if (settings.issuer.startsWith('https://') || loopback.test(settings.issuer)) return;
    throw new PlumbError(
      'invalid_request',
      `api.oidc.issuer: ${settings.issuer}: plain HTTP is allowed only on this machine`,
    );
  }

  async #configuration() {
    const { issuer, clientId, secret } = this.#settings;
    const client = await import('openid-client');
    const plain = loopback.test(issuer) ? { execute: [client.allowInsecureRequests] } : {};
    this.#found ??= client.discovery(new URL(issuer), clientId, secret, undefined, plain);
    const found = this.#found;
    found.catch(() => {
      this.#found = undefined;
    });
    return { client, configuration: await found };
  }

  /** @returns where the browser goes, and what is to be known when it comes back */
  async begin(): Promise<{ to: string; underWay: LoginUnderWay }> {
    const { client, configuration } = await this.#configuration().catch((cause: unknown) => {
      throw new PlumbError(
        'credentials_unavailable',
        `the identity provider ${this.#settings.issuer} did not answer as expected: ${explain(cause)}`,
        { cause },
      );
    });
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
    const to = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.redirect,
      scope: this.#settings.scope ?? 'openid profile email',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { to: to.href, underWay: { state, nonce, verifier, at: new Date().toISOString() } };
  }

  /**
   * Who came back from the provider.
   *
   * @param query of the address that the browser was sent to
   * @throws PlumbError `unauthorized` where the provider, or a check of what it said, refuses
   */
  async end(query: string, { state, nonce, verifier }: LoginUnderWay): Promise<LoggedIn> {
    try {
      const { client, configuration } = await this.#configuration();
      const back = new URL(this.#settings.redirect);
      back.search = query;
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(configuration, back, checks);
      const token = tokens.claims();
      if (!token) throw new Error('the provider sent no ID token');
      const wanted = this.#settings.roles.some(({ claim }) => token[claim] === undefined) || token.email === undefined;
      const more = wanted && configuration.serverMetadata().userinfo_endpoint;
      const info = more ? await client.fetchUserInfo(configuration, tokens.access_token, token.sub) : {};
      return this.#person({ ...info, ...token });
    } catch (cause) {
      if (cause instanceof PlumbError) throw cause;
      throw new PlumbError('unauthorized', `the login at ${this.#settings.issuer} failed: ${explain(cause)}`, {
        cause,
        hint: 'start again at /login/oidc',
      });
    }
  }

  #person(claims: Claims): LoggedIn {
    const text = (claim: string): string | undefined => {
      const value = claims[claim];
      return typeof value === 'string'
        ? value
            .replace(/[<>\p{C}]/gu, '')
            .trim()
            .slice(0, 200) || undefined
        : undefined;
    };
    // some providers send it as a text; whatever is not a yes is a no
    const email = [undefined, true, 'true'].includes(claims.email_verified) ? text('email') : undefined;
    const own = this.#settings.name ?? 'preferred_username';
    const name = personName('oidc', text(own) ?? email ?? text('sub') ?? 'nameless', email);
    return { name, of: { kind: 'login', grants: this.#grants(claims) } };
  }

  #grants(claims: Claims): Grant[] {
    return this.#settings.roles.flatMap(({ claim, has, ...grant }) =>
      [claims[claim]].flat().includes(has) ? [grant] : [],
    );
  }
}
