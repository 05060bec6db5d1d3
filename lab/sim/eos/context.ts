import type { BgpTable } from '../bgp.ts';
import type { Device, Login } from '../device.ts';
import type { Editor } from '../terminal/editor.ts';
import type { ConfigSession, ConfigSessions } from './sessions.ts';
import type { Shown } from './show/show.ts';
import { hostname, type Model } from './text.ts';

/** What came of a command. `error`: without `% `. */
export type Outcome = Shown | { error: string; unknown?: boolean };

/** A switch as its CLI sees it. */
export type Switch = {
  device: Device;
  model: Model;
  sessions: ConfigSessions;
  bgp: BgpTable;
  enablePassword: string;
};

/** Where one CLI stands. */
export class Context {
  readonly box: Switch;
  readonly login: Login;
  privileged: boolean;
  editor: Editor | undefined;
  session: ConfigSession | undefined;

  constructor(box: Switch, login: Login, privileged: boolean) {
    this.box = box;
    this.login = login;
    this.privileged = privileged;
  }

  /** Goes into configuration mode, of the running configuration or of a session. */
  configure(session: ConfigSession | undefined): void {
    this.session = session;
    this.editor = this.box.sessions.editor(session ? session.tree : this.box.device.running);
  }

  /** Back to exec mode; a session stays as it is. */
  leave(): void {
    if (this.session) this.session.login = undefined;
    this.session = undefined;
    this.editor = undefined;
  }

  prompt(): string {
    const name = hostname(this.box.device.running);
    if (!this.editor) return `${name}${this.privileged ? '#' : '>'}`;
    return `${name}(config${this.session ? `-s-${this.session.name.slice(0, 6)}` : ''}${this.editor.prompt})#`;
  }
}
