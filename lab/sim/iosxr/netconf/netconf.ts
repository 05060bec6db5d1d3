import { readLines } from '../../config/read.ts';
import { cloneTree, sameTree } from '../../config/tree.ts';
import type { Login, Trial } from '../../device.ts';
import type { NetconfSession } from '../../platform.ts';
import { baseCapabilities, lockDenied, ok, operationOf, rpcError } from '../../protocols/netconf/netconf-answers.ts';
import { misuse } from '../../protocols/netconf/netconf-misuse.ts';
import { subtree } from '../../protocols/netconf/subtree.ts';
import { type Element, escapeXml, parseXml, under, within } from '../../protocols/netconf/xml.ts';
import type { IosxrParts } from '../box.ts';
import { iosxrSyntax } from '../syntax.ts';
import type { Target } from '../targets.ts';
import { body, header, mergeDiff, replaceDiff } from '../text.ts';
import { nativeConfig } from './native-config.ts';
import { operational, operationalNames, traceroute } from './oper.ts';

const cliModel = 'http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg';
const diffModel = 'http://cisco.com/ns/yang/Cisco-IOS-XR-cli-diff-act';

/** A simulator that does not know refuses. */
const unknownModel = (element: Element | undefined): string =>
  rpcError('unknown-namespace', 'Only the command-line model is simulated for the configuration', {
    info: `<bad-element>${element?.name}</bad-element>`,
  });

/** One NETCONF session on an IOS-XR: the command-line model and what is needed to read state. */
class Session implements NetconfSession {
  readonly capabilities = [
    ...baseCapabilities,
    `${cliModel}?module=Cisco-IOS-XR-cli-cfg`,
    `${diffModel}?module=Cisco-IOS-XR-cli-diff-act`,
  ];
  readonly #parts: IosxrParts;
  readonly #login: Login;
  #target: Target;
  #replaces = false;
  #locked = new Set<string>();
  /** What names the trial that this device runs; '' for one without persist. */
  static persist = new WeakMap<Trial, string>();

  constructor(parts: IosxrParts, login: Login) {
    this.#parts = parts;
    this.#login = login;
    this.#target = parts.targets.begin(login);
  }

  async reply(request: string): Promise<{ content: string; close?: boolean }> {
    const operation = operationOf(request);
    if (typeof operation === 'string') return { content: operation };
    if (operation.name === 'close-session') return { content: ok, close: true };
    return { content: await this.#answer(operation) };
  }

  close(): void {
    const { trial } = this.#parts.targets.device;
    if (trial && trial.armedBy.id === this.#login.id && Session.persist.get(trial) === '')
      this.#parts.targets.device.undo();
    this.#parts.targets.end(this.#target);
  }

  async #answer(operation: Element): Promise<string> {
    const { targets, version } = this.#parts;
    const { device } = targets;
    const wrong = misuse(operation);
    if (wrong !== undefined) return wrong;
    switch (operation.name) {
      case 'lock':
        return this.#lock(operation);
      case 'unlock':
        this.#locked.clear();
        if (targets.lockedBy?.id === this.#login.id) targets.lockedBy = undefined;
        return ok;
      case 'edit-config':
      case 'copy-config':
        return this.#load(operation);
      case 'discard-changes':
        this.#discard();
        return ok;
      case 'validate':
        return ok;
      case 'get-cli-config-diff': {
        const tree = this.#tree();
        const lines = this.#replaces ? replaceDiff(device.running, tree, version) : mergeDiff(device.running, tree);
        return `<cli-config-diff xmlns="${diffModel}">${escapeXml(`${header(version)}${lines.map((line) => `${line}\n`).join('')}end\n`)}</cli-config-diff>`;
      }
      case 'commit':
        return this.#commit(operation);
      case 'cancel-commit':
        return this.#cancel(operation);
      case 'get-config':
        return this.#getConfig(operation);
      case 'get':
        return this.#get(under(operation, 'filter'));
      case 'roll-back-configuration-last':
        if (device.trial) device.undo();
        else if (!targets.rollback(Number(under(operation, 'count')?.text ?? 1), this.#login))
          return rpcError('operation-failed', 'no such commit');
        return ok;
      case 'traceroute':
        return traceroute(operation);
      default:
        return rpcError('operation-not-supported', `The operation ${operation.name} is not supported`, {
          type: 'protocol',
        });
    }
  }

  #lock(operation: Element): string {
    const { targets } = this.#parts;
    if (targets.lockedBy && targets.lockedBy.id !== this.#login.id) return lockDenied(Math.max(0, targets.lockedBy.id));
    const { trial } = targets.device;
    if (under(operation, 'target', 'running') && trial && trial.armedBy.id !== this.#login.id)
      return rpcError('in-use', 'A confirmed commit of another session is in effect', { type: 'protocol' });
    targets.lockedBy = { user: this.#login.user, id: this.#login.id };
    this.#locked.add(under(operation, 'target')?.children[0]?.name ?? '');
    return ok;
  }

  #load(operation: Element): string {
    const cli = within(operation, 'cli');
    const config = within(operation, 'config');
    if (!under(operation, 'source', 'running') && (!cli || (cli.attributes.xmlns ?? cliModel) !== cliModel))
      return config === undefined
        ? rpcError('missing-element', 'no config', { type: 'protocol' })
        : unknownModel(config.children[0]);
    if (under(operation, 'source', 'running')) {
      this.#discard();
      return ok;
    }
    const replaces = operation.name === 'copy-config' || under(operation, 'default-operation')?.text === 'replace';
    const text = cli?.text ?? '';
    const { complaints } = readLines(iosxrSyntax, text);
    const refused = text
      .split('\n')
      .find(
        (line) => line.trim() !== '' && !line.startsWith('!') && this.#parts.targets.device.plan.refuses(line.trim()),
      );
    const bad = refused ?? complaints[0]?.text;
    if (bad !== undefined)
      return rpcError(
        'invalid-value',
        `${bad.trim()}\n\n!! SYNTAX/AUTHORIZATION ERRORS: This configuration failed due to\n!! one or more of the following reasons:\n!!  - the entered commands do not exist,\n!!  - the entered commands have errors in their syntax,\n${bad}`,
        { path: 'ns1:cli' },
      );
    if (replaces) {
      this.#discard();
      this.#replaces = true;
    }
    this.#target.add(...text.split('\n').filter((line) => line.trim() !== 'end'), 'root');
    return ok;
  }

  #tree() {
    const { device } = this.#parts.targets;
    return this.#replaces ? this.#target.replaced().root : this.#target.merged(device.running);
  }

  #discard(): void {
    this.#target.clear();
    this.#replaces = false;
  }

  async #commit(operation: Element): Promise<string> {
    const { targets } = this.#parts;
    const { device } = targets;
    const confirmed = under(operation, 'confirmed') !== undefined;
    const { trial } = device;
    if (!trial && under(operation, 'persist-id'))
      return rpcError('invalid-value', 'No confirmed commit is in effect', { type: 'protocol' });
    if (trial && !confirmed) {
      const persist = Session.persist.get(trial) ?? '';
      const given = under(operation, 'persist-id')?.text.trim() ?? '';
      if (persist !== '' ? persist !== given : trial.armedBy.id !== this.#login.id)
        return rpcError('in-use', 'A confirmed commit of another session is in effect', { type: 'protocol' });
      device.disarm();
      if (this.#target.empty) return ok;
    }
    const tree = this.#tree();
    if (sameTree(tree, device.running)) return ok;
    const seconds = Number(under(operation, 'confirm-timeout')?.text ?? 600);
    const complaint = await targets.commit(this.#target, cloneTree(tree), confirmed ? { seconds } : {});
    if (complaint !== undefined) return rpcError('operation-failed', complaint.trim());
    if (confirmed && device.trial) Session.persist.set(device.trial, under(operation, 'persist')?.text.trim() ?? '');
    this.#discard();
    return ok;
  }

  #cancel(operation: Element): string {
    const { device } = this.#parts.targets;
    const { trial } = device;
    const given = under(operation, 'persist-id')?.text.trim() ?? '';
    if (!trial || (Session.persist.get(trial) ?? '') !== given)
      return rpcError('invalid-value', 'No confirmed commit is in effect', { type: 'protocol' });
    device.undo();
    return ok;
  }

  #get(filter: Element | undefined): string {
    const data = parseXml(`<data>${operational(this.#parts)}</data>`).children;
    const unknown = filter?.children.find(
      ({ name, attributes }) =>
        !operationalNames.has(name) ||
        (attributes.xmlns !== undefined && attributes.xmlns !== operationalNames.get(name)),
    );
    return unknown ? unknownModel(unknown) : `<data>${subtree(data, filter)}</data>`;
  }

  #getConfig(operation: Element): string {
    const { device } = this.#parts.targets;
    const asked = under(operation, 'filter')?.children ?? [];
    const tree = under(operation, 'source', 'candidate') ? this.#tree() : device.running;
    if (asked.some(({ name }) => name !== 'cli')) {
      const read = nativeConfig(tree, asked);
      return typeof read === 'string' ? `<data>${read}</data>` : unknownModel(read);
    }
    return `<data><cli xmlns="${cliModel}">${escapeXml(`${header(this.#parts.version)}!\n${body(tree).join('\n')}\nend\n`)}</cli></data>`;
  }
}

/** Opens a NETCONF session. */
export const netconfOf = (parts: IosxrParts, login: Login): NetconfSession => new Session(parts, login);
