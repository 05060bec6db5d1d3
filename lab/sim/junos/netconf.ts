import { cloneTree } from '../config/tree.ts';
import type { Login } from '../device.ts';
import type { NetconfSession } from '../platform.ts';
import { baseCapabilities, lockDenied, ok, operationOf, rpcError } from '../protocols/netconf/netconf-answers.ts';
import { misuse } from '../protocols/netconf/netconf-misuse.ts';
import { subtree } from '../protocols/netconf/subtree.ts';
import { type Element, escapeXml, parseXml, under, within } from '../protocols/netconf/xml.ts';
import { applyPipe, splitPipes } from '../terminal/pipes.ts';
import { JunosCli } from './cli.ts';
import type { Action, Candidate, Database } from './config/database.ts';
import { braces, type Mistake, setLines } from './config/text.ts';
import { configurationXml, readXml } from './config/xml-config.ts';
import { complaintError, mistakeError, nothingRead } from './config/xml-errors.ts';
import type { JunosParts } from './oper.ts';
import { operate } from './oper-mode.ts';
import { readState } from './state.ts';

const nobody = async () => undefined;
/** Nobody reads or answers. */
const silent = { print: () => {}, page: nobody, ask: nobody, key: nobody, end: () => {}, length: 0, width: 511 };

/** One NETCONF session on a Junos: its own RPCs and the standard ones. */
class Session implements NetconfSession {
  readonly capabilities = [
    ...baseCapabilities
      .filter((one) => !one.endsWith(':base:1.1'))
      .map((one) => one.replace('confirmed-commit:1.1', 'confirmed-commit:1.0')),
    'http://xml.juniper.net/netconf/junos/1.0',
    'http://xml.juniper.net/dmi/system/1.0',
  ];
  readonly #parts: JunosParts;
  readonly #database: Database;
  readonly #login: Login;
  #candidate: Candidate;

  constructor(parts: JunosParts, database: Database, login: Login) {
    this.#parts = parts;
    this.#database = database;
    this.#login = login;
    this.#candidate = database.shared;
  }

  async reply(request: string): Promise<{ content: string; close?: boolean }> {
    const operation = operationOf(request);
    if (typeof operation === 'string') return { content: operation };
    if (operation.name === 'close-session') return { content: ok, close: true };
    if (operation.name === 'command')
      return { content: await this.#command(operation.text.trim(), operation.attributes.format ?? 'xml') };
    return { content: (await this.#configure(operation)) ?? readState(this.#parts, operation) };
  }

  close(): void {
    this.#database.unlock(this.#login);
  }

  /** A command of the CLI's operational mode. */
  async #command(line: string, format: string): Promise<string> {
    if (!/^(?:text|xml|ascii)$/.test(format)) return rpcError('operation-failed', `format ${format} is not simulated`);
    const [command, ...filters] = splitPipes(line);
    const own = filters.filter((filter) => /^(?:compare|display)/.test(filter));
    const cli = new JunosCli(this.#parts, this.#database, this.#login);
    const display = format === 'xml' && own.length === 0 && filters.length === 0 ? ['display xml'] : own;
    let output = await operate(cli, command, display, silent);
    if (output === undefined) return rpcError('operation-failed', `unknown command: ${line}`);
    const [, xml] = format === 'xml' ? (/^<rpc-reply>([\s\S]*)<\/rpc-reply>\n$/.exec(output) ?? []) : [];
    if (xml !== undefined) return xml;
    for (const filter of filters.filter((one) => !own.includes(one))) {
      const filtered = applyPipe(output, filter);
      if (filtered === undefined) return rpcError('operation-failed', `syntax error: ${filter}`);
      output = filtered;
    }
    return `<output>${escapeXml(output)}</output>`;
  }

  async #configure(operation: Element): Promise<string | undefined> {
    const database = this.#database;
    const { device } = this.#parts;
    const wrong = misuse(operation);
    if (wrong !== undefined) return wrong;
    switch (operation.name) {
      case 'lock-configuration':
      case 'lock': {
        if (under(operation, 'target', 'running')) return ok;
        const complaint = database.lock(this.#login);
        return complaint === undefined
          ? ok
          : lockDenied(
              database.lockedBy?.login.via === 'netconf' ? database.lockedBy.login.id : 0,
              complaint,
              database.statusXml,
            );
      }
      case 'unlock-configuration':
      case 'unlock':
        database.unlock(this.#login);
        return ok;
      case 'open-configuration':
        this.#candidate = { tree: cloneTree(device.running), private: true };
        return rpcError('operation-failed', 'uncommitted changes will be discarded on exit', { severity: 'warning' });
      case 'close-configuration':
        this.#candidate = database.shared;
        return ok;
      case 'load-configuration':
        return this.#load(operation);
      case 'edit-config':
      case 'copy-config':
        return this.#edit(operation);
      case 'get-configuration':
        return this.#show(operation);
      case 'get-config': {
        const tree = under(operation, 'source', 'candidate') ? this.#candidate.tree : device.running;
        return `<data>${subtree([parseXml(configurationXml(tree))], under(operation, 'filter'))}</data>`;
      }
      case 'commit-configuration':
      case 'commit':
        return this.#commit(operation);
      case 'validate': {
        const complaint = database.check(this.#candidate);
        if (complaint === undefined) database.confirm();
        return complaint === undefined ? ok : complaintError(complaint);
      }
      case 'cancel-commit':
        device.undo();
        database.discard(database.shared);
        return ok;
      case 'discard-changes':
        database.discard(this.#candidate);
        return ok;
      default:
        return undefined;
    }
  }

  #load(operation: Element): string {
    const database = this.#database;
    const back = operation.attributes.rollback;
    if (back !== undefined)
      return database.rollback(this.#candidate, Number(back))
        ? '<load-configuration-results><load-success/></load-configuration-results>'
        : rpcError('operation-failed', `rollback ${back} does not exist`);
    const { action = 'merge' } = operation.attributes;
    if (!/^(?:merge|replace|override|update|set)$/.test(action)) return nothingRead(operation);
    const set = under(operation, 'configuration-set');
    const text = under(operation, 'configuration-text') ?? set;
    const xml = under(operation, 'configuration');
    let mistakes: Mistake[] = [];
    if (text)
      mistakes = database.load(this.#candidate, set ? 'set' : (action as Action), text.text, this.#login).mistakes;
    else if (xml) mistakes = this.#loadXml(xml, action === 'override');
    else return nothingRead(operation);
    if (mistakes.length === 0) return '<load-configuration-results><load-success/></load-configuration-results>';
    return `<load-configuration-results>${mistakes.map(mistakeError).join('')}<load-error-count>${mistakes.length}</load-error-count></load-configuration-results>`;
  }

  #loadXml(xml: Element, override: boolean): Mistake[] {
    const text = braces(readXml(xml)).join('\n');
    return this.#database.load(this.#candidate, override ? 'override' : 'merge', text, this.#login).mistakes;
  }

  #edit(operation: Element): string {
    const config = within(operation, 'configuration');
    const text = within(operation, 'configuration-text');
    const replace =
      operation.name === 'copy-config' || /replace/.test(under(operation, 'default-operation')?.text ?? '');
    if (under(operation, 'source', 'running')) {
      this.#database.discard(this.#candidate);
      return ok;
    }
    if (!text && !config) return nothingRead(operation);
    const mistakes = text
      ? this.#database.load(this.#candidate, replace ? 'override' : 'merge', text.text, this.#login).mistakes
      : config
        ? this.#loadXml(config, replace)
        : [];
    return mistakes.length === 0 ? ok : mistakes.map(mistakeError).join('');
  }

  #show(operation: Element): string {
    const { compare, rollback = '0', format = 'xml', database = 'candidate' } = operation.attributes;
    if (compare === 'rollback')
      return `<configuration-information><configuration-output>\n${escapeXml(this.#database.diff(this.#candidate, Number(rollback)))}</configuration-output></configuration-information>`;
    const tree = database === 'committed' ? this.#parts.device.running : this.#candidate.tree;
    if (format === 'text')
      return `<configuration-text xmlns="http://xml.juniper.net/xnm/1.1/xnm">${escapeXml(`## Last changed: ${new Date(this.#parts.device.lastChange.at).toISOString().slice(0, 19).replace('T', ' ')} UTC\n${braces(tree).join('\n')}\n`)}</configuration-text>`;
    if (format === 'set')
      return `<configuration-set>${escapeXml(`${setLines(tree).join('\n')}\n`)}</configuration-set>`;
    if (format !== 'xml') return rpcError('operation-failed', `syntax error: format ${format} is not simulated`);
    const wanted = operation.children.some(({ name }) => name === 'configuration') ? operation : undefined;
    return subtree([parseXml(configurationXml(tree))], wanted) || '<configuration></configuration>';
  }

  async #commit(operation: Element): Promise<string> {
    const database = this.#database;
    const known = /^(?:check|confirmed|confirm-timeout|log|synchronize|force-synchronize|full|persist|persist-id)$/;
    const stranger = operation.children.find(({ name }) => !known.test(name));
    if (stranger || !/^\d*$/.test(under(operation, 'confirm-timeout')?.text.trim() ?? ''))
      return rpcError('operation-failed', 'syntax error', {
        info: `<bad-element>${stranger?.name ?? 'confirm-timeout'}</bad-element>`,
      });
    if (under(operation, 'check')) {
      const complaint = database.check(this.#candidate);
      if (complaint !== undefined) return complaintError(complaint);
      database.confirm();
      return '<commit-results><routing-engine><name>re0</name><commit-check-success/></routing-engine></commit-results>';
    }
    const confirmed = under(operation, 'confirmed') !== undefined;
    if (confirmed && this.#candidate.private)
      return rpcError('operation-failed', 'commit confirmed is not allowed in private mode');
    const timeout = Number(under(operation, 'confirm-timeout')?.text ?? (operation.name === 'commit' ? 600 : 10));
    const minutes = operation.name === 'commit' ? Math.ceil(timeout / 60) : timeout;
    const comment = under(operation, 'log')?.text;
    const complaint = await database.commit(this.#candidate, this.#login, {
      comment,
      confirmedMinutes: confirmed ? minutes : undefined,
    });
    if (complaint !== undefined) return complaintError(complaint);
    if (this.#candidate.private) this.#candidate.tree = cloneTree(this.#parts.device.running);
    return operation.name === 'commit'
      ? ok
      : '<commit-results><routing-engine><name>re0</name><commit-success/></routing-engine></commit-results><ok/>';
  }
}

/** Opens a NETCONF session. */
export const netconfOf = (parts: JunosParts, database: Database, login: Login): NetconfSession =>
  new Session(parts, database, login);
