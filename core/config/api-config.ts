import type { OidcSettings } from '../access.ts';
import { registerSecret } from '../redact/redact.ts';
import type { ConfigFile } from './config-file.ts';
import { type Env, portFrom, secretFrom } from './variables.ts';

/** Where the API listens where nobody says. */
export const defaultApiPort = 9000;

/** Login by an identity provider; the secret that it gave us is in no file. */
export type Oidc = OidcSettings & { secret: string | undefined };

/** How the REST API is served. */
export type ApiConfig = {
  host: string;
  port: number;
  oidc: Oidc | undefined;
  /** With which git servers sign that something was pushed. */
  gitHookSecret: string | undefined;
};

const oidcFrom = (env: Env, { api }: ConfigFile): Oidc | undefined => {
  const secret = env.PLUMB_OIDC_SECRET || undefined;
  if (secret) registerSecret(secret);
  return api?.oidc && { ...api.oidc, secret };
};

/** @param flag the port as the command line has it. @throws PlumbError `invalid_request` */
export const apiFrom = (flag: number | string | undefined, env: Env, file: ConfigFile): ApiConfig => ({
  host: env.PLUMB_API_HOST || file.api?.host || '127.0.0.1',
  port:
    portFrom('--api-port', flag) ?? portFrom('PLUMB_API_PORT', env.PLUMB_API_PORT) ?? file.api?.port ?? defaultApiPort,
  oidc: oidcFrom(env, file),
  gitHookSecret: secretFrom('PLUMB_GIT_HOOK_SECRET', env.PLUMB_GIT_HOOK_SECRET),
});
