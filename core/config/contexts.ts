import { existsSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Static } from 'typebox';
import { stringify } from 'yaml';
import { didYouMean } from '../../engines/nearest.ts';
import { devicePattern } from '../bus.ts';
import { explain, PlumbError } from '../errors.ts';
import { checkSchema } from '../inventory/check.ts';
import { readYaml } from '../inventory/yaml.ts';
import { makeFolder } from '../make-folder.ts';
import { Type } from '../schema.ts';

const closed = { additionalProperties: false } as const;
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

/**
 * A site that can be reached from any folder: where its NATS is, and as which user. Never a secret, only where it is
 * stored.
 */
export const SiteContext = Type.Object(
  {
    nats: Type.String({ minLength: 1, description: 'nats://host:4222; separate several with commas' }),
    site: Type.String({ pattern: devicePattern, description: 'first subject token' }),
    user: text('whose password is in NATS_PASSWORD'),
    creds: text('a .creds file'),
    ca: text('a CA certificate'),
    api: text('URL of the REST API'),
  },
  closed,
);
export type SiteContext = Static<typeof SiteContext>;

const ContextsFile = Type.Object(
  { use: Type.Optional(Type.String()), contexts: Type.Record(Type.String(), SiteContext) },
  closed,
);
export type Contexts = Static<typeof ContextsFile>;

/** `$XDG_CONFIG_HOME/plumbline/contexts.yml`, ~/.config where that is not set. */
const contextsPath = (env: NodeJS.ProcessEnv): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'plumbline', 'contexts.yml');

/** @throws PlumbError `invalid_request` where the file is not as `plumb context` writes it, naming line and key */
export const readContexts = async (env: NodeJS.ProcessEnv): Promise<Contexts> => {
  const path = contextsPath(env);
  if (!existsSync(path)) return { contexts: {} };
  const yaml = await readYaml(path, path, 'invalid_request', 'if you remove it, `plumb context set` writes a new one');
  const value = yaml.value ?? { contexts: {} };
  yaml.refuse(checkSchema(ContextsFile, value));
  return value as Contexts;
};

/** For the owner's eyes only. @throws PlumbError `invalid_request` where it cannot be written */
export const writeContexts = async (env: NodeJS.ProcessEnv, contexts: Contexts): Promise<void> => {
  const path = contextsPath(env);
  const fresh = `${path}.${process.pid}`;
  try {
    await makeFolder(dirname(path), 0o700);
    await writeFile(fresh, stringify(contexts), { mode: 0o600 });
    await chmod(fresh, 0o600);
    await rename(fresh, path);
  } catch (cause) {
    throw new PlumbError('invalid_request', `${path}: cannot be written: ${explain(cause)}`, {
      cause,
      hint: 'XDG_CONFIG_HOME sets another folder',
    });
  }
};

/** @throws PlumbError `invalid_request` where there is none of that name */
export const contextNamed = ({ contexts }: Contexts, name: string): SiteContext => {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (found) return found;
  throw new PlumbError('invalid_request', `${name}: no such context${didYouMean(name, Object.keys(contexts))}`, {
    hint: '`plumb context list` lists them, `plumb context set` creates one',
  });
};
