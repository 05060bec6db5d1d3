import type { OidcSettings } from '../access.ts';
import { registerSecret } from '../redact/redact.ts';
import type { ConfigFile } from './config-file.ts';
import { type Env, networkFrom, portFrom, secretFrom } from './variables.ts';

/** Where the API listens by default. */
export const defaultApiPort = 9000;

/** Login through an identity provider; its client secret is in no file. */
export type Oidc = OidcSettings & { secret: string | undefined };

/** How the REST API is served. */
export type ApiConfig = {
  host: string;
  port: number;
  oidc: Oidc | undefined;
  /** The secret with which git servers sign that something was pushed. */
  gitHookSecret: string | undefined;
  /** undefined: plain HTTP. */
  tls: TlsFiles | undefined;
  /** The proxies trusted for a caller's address; empty: none. */
  trustedProxies: readonly string[];
};

/** PEM files, by absolute paths. */
export type TlsFiles = {
  cert: string;
  key: string;
  /** Callers must have a certificate issued by it. */
  clientCa: string | undefined;
};

const oidcFrom = (env: Env, { api }: ConfigFile): Oidc | undefined => {
  const secret = env.PLUMB_OIDC_SECRET || undefined;
  if (secret) registerSecret(secret);
  return api?.oidc && { ...api.oidc, secret };
};

const tlsFrom = ({ api }: ConfigFile, from: (path: string) => string): TlsFiles | undefined => {
  if (!api?.tls) return undefined;
  const { cert, key, clientCa } = api.tls;
  return { cert: from(cert), key: from(key), clientCa: clientCa === undefined ? undefined : from(clientCa) };
};

/** @param flag the port as the command line has it; `from`: a path of the file as an absolute one. @throws PlumbError `invalid_request` */
export const apiFrom = (
  flag: number | string | undefined,
  env: Env,
  file: ConfigFile,
  from: (path: string) => string,
): ApiConfig => ({
  host: env.PLUMB_API_HOST || file.api?.host || '127.0.0.1',
  port:
    portFrom('--api-port', flag) ?? portFrom('PLUMB_API_PORT', env.PLUMB_API_PORT) ?? file.api?.port ?? defaultApiPort,
  oidc: oidcFrom(env, file),
  gitHookSecret: secretFrom('PLUMB_GIT_HOOK_SECRET', env.PLUMB_GIT_HOOK_SECRET),
  tls: tlsFrom(file, from),
  trustedProxies: (file.api?.trustedProxies ?? []).map((text) => networkFrom('api.trustedProxies', text)),
});
