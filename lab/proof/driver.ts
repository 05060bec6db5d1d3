// `plumbline/driver`: what authors of drivers import. A driver's file itself imports types alone, and is given the kit.

export { PlumbError } from '../../core/errors.ts';
export type { CliDriver, Patience } from '../../runners/dialogue/cli-driver.ts';
export type {
  Candidate,
  Capabilities,
  ChangeName,
  CommitOptions,
  Driver,
  Saved,
  Session,
  Target,
  Trial,
} from '../../runners/driver.ts';
export { type DriverKit, kitFor } from '../../runners/drivers/outside/kit.ts';
export type { CliPlatform } from '../../runners/session/cli-session.ts';
export type { CommandPlatform } from '../../runners/session/command-driver.ts';
export type { CliShell } from '../../runners/session/shell.ts';
export type { Bgp, BgpPeer, Facts, InterfacesIp } from '../../runners/shapes.ts';
export { type DriverFile, type DriverProof, proveDriver, type Register } from './prove.ts';
export type { Answer, Deed, ScriptedDevice } from './scripted/script.ts';
