import { rpcError } from './netconf-answers.ts';
import { type Element, under } from './xml.ts';

const bad = (name: string): string =>
  rpcError('bad-element', 'syntax error', { type: 'protocol', info: `<bad-element>${name}</bad-element>` });

/** What may stand in an operation. `''`: anything. */
const parts: Record<string, string> = {
  lock: 'target',
  unlock: 'target',
  'edit-config': 'target default-operation test-option error-option config',
  'copy-config': 'target source with-defaults',
  'get-config': 'source filter with-defaults',
  get: 'filter with-defaults',
  commit: 'confirmed confirm-timeout persist persist-id check log synchronize comment label',
  'cancel-commit': 'persist-id',
  validate: 'source',
};

const stores: Record<string, [place: 'target' | 'source', names: RegExp][]> = {
  lock: [['target', /^(?:candidate|running)$/]],
  unlock: [['target', /^(?:candidate|running)$/]],
  'edit-config': [['target', /^candidate$/]],
  'copy-config': [
    ['target', /^candidate$/],
    ['source', /^(?:running|config)$/],
  ],
  'get-config': [['source', /^(?:running|candidate)$/]],
};

/** An operation of RFC 6241 that cannot be done as it is asked for, on a server with a candidate and without :xpath. @returns the error */
export const misuse = (operation: Element): string | undefined => {
  const known = Object.hasOwn(parts, operation.name) ? parts[operation.name] : undefined;
  const stranger = operation.children.find(({ name }) => known !== undefined && !known.split(' ').includes(name));
  if (stranger) return bad(stranger.name);
  for (const [place, names] of stores[operation.name] ?? []) {
    const store = under(operation, place)?.children[0]?.name ?? '';
    if (!names.test(store)) return bad(store === '' ? place : store);
  }
  const how = under(operation, 'default-operation')?.text.trim() ?? 'merge';
  if (!/^(?:merge|replace|none)$/.test(how)) return bad('default-operation');
  const type = under(operation, 'filter')?.attributes.type ?? 'subtree';
  if (type !== 'subtree')
    return rpcError('operation-not-supported', `filters of type ${type} are not supported`, { type: 'protocol' });
  const timeout = under(operation, 'confirm-timeout')?.text.trim() ?? '1';
  if (!/^\d+$/.test(timeout)) return rpcError('invalid-value', `confirm-timeout: ${timeout}`, { type: 'protocol' });
  return undefined;
};
