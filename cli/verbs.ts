import type { Verb } from './context.ts';

/** A verb as `plumb --help` lists it, without its file. */
type Listed = { name: string; usage: string; summary: string; load: () => Promise<Verb> };

type NameIn<Words extends string> = Words extends `${infer Name} ${string}` ? Name : Words;

/** `status` is `statusVerb` in its file. */
const listed = <Words extends string>(
  words: Words,
  summary: string,
  file: () => Promise<Record<`${NameIn<Words>}Verb`, Verb>>,
): Listed => {
  const [name = '', ...usage] = words.split(' ');
  const verb = `${name}Verb` as `${NameIn<Words>}Verb`;
  return { name, usage: usage.join(' '), summary, load: async () => (await file())[verb] };
};

/** Every verb, in the order and under the headings of `plumb --help`. What it does is loaded when it is called. */
export const verbs: Readonly<Record<string, readonly Listed[]>> = {
  'Look:': [
    listed('status [options] [device...]', 'each device: in sync or not, and why', () => import('./verbs/status.ts')),
    listed('diff [options] [device...]', 'what a deployment would change', () => import('./verbs/diff.ts')),
    listed('bgp [options] [device...]', 'BGP sessions, queried live', () => import('./verbs/bgp.ts')),
    listed(
      'facts [options] [device...]',
      'model, version and serial number, queried live',
      () => import('./verbs/facts.ts'),
    ),
    listed(
      'interfaces [options] [device...]',
      'interface addresses, queried live',
      () => import('./verbs/interfaces.ts'),
    ),
    listed('run [options] [device...]', 'run a command on devices; it follows --', () => import('./verbs/run.ts')),
    listed('config [options] <device>', 'the running configuration, queried live', () => import('./verbs/config.ts')),
    listed('jobs [options] [device...]', 'what was done and what is in progress', () => import('./verbs/jobs.ts')),
    listed('job [options] <id>', 'one job: steps, checks, diff', () => import('./verbs/job.ts')),
    listed('history [options] <device>', 'what has changed a device', () => import('./verbs/history.ts')),
    listed('audit [options]', 'who asked the REST API to do what', () => import('./verbs/audit.ts')),
    listed('logs [options] [device...]', 'live log of runners, watcher and API', () => import('./verbs/logs.ts')),
    listed(
      'validate [options] <file> [device...]',
      'check devices against a validation file',
      () => import('./verbs/validate.ts'),
    ),
    listed('parse [options] <path>', 'turn captured output into structured data', () => import('./verbs/parse.ts')),
  ],
  'Change:': [
    listed('render [options] [device...]', 'build intended/ from the templates', () => import('./verbs/render.ts')),
    listed('push [options] [device...]', 'deploy intended/ as it is on disk', () => import('./verbs/push.ts')),
    listed('approve [options] <job>', 'approve a job that is waiting for it', () => import('./verbs/approve.ts')),
    listed(
      'rollback [options] [device...]',
      'go back to what ran before a deployment',
      () => import('./verbs/rollback.ts'),
    ),
    listed('hold [options] [device...]', 'stop deployments to a device', () => import('./verbs/hold.ts')),
    listed('resume [options] [device...]', "end a hold and deploy the source's text", () => import('./verbs/retry.ts')),
    listed('retry [options] [device...]', 'retry an intent that failed', () => import('./verbs/retry.ts')),
    listed('cancel <job>', 'cancel a job', () => import('./verbs/approve.ts')),
    listed('file', 'fetch or replace a file on a device', () => import('./verbs/file.ts')),
  ],
  'Run:': [
    listed('up [options]', 'everything in one process, for a laptop or a lab', () => import('./verbs/up.ts')),
    listed('watch [options]', 'publish what is committed or saved', () => import('./verbs/watch.ts')),
    listed('runner [options] [device...]', 'look after devices and deploy to them', () => import('./verbs/runner.ts')),
    listed('api [options]', 'serve the REST API', () => import('./verbs/api.ts')),
    listed('lab', 'routers to try Plumbline on', () => import('./verbs/lab.ts')),
    listed('sim [options]', 'simulated devices on their own', () => import('./verbs/sim.ts')),
  ],
  'Set up:': [
    listed('init [options] [folder]', 'start a repository of your own', () => import('./verbs/init.ts')),
    listed('doctor [options] [device...]', 'what is wrong, and how to fix it', () => import('./verbs/doctor.ts')),
    listed('test [options] <device>', 'test the way to a device, step by step', () => import('./verbs/test.ts')),
    listed(
      'trust [options] [device...]',
      "pin a device's SSH host key or TLS certificate",
      () => import('./verbs/trust.ts'),
    ),
    listed(
      'adopt [options] <device>',
      'write the running configuration to intended/',
      () => import('./verbs/adopt.ts'),
    ),
    listed('hook', 'have git tell the watcher about each commit', () => import('./verbs/hook.ts')),
    listed('schema [verb...]', 'the JSON Schema of what verbs print', () => import('./verbs/schema.ts')),
    listed('platforms [options] [platform...]', 'what each platform can do', () => import('./verbs/platforms.ts')),
    listed('key', 'who may use the REST API', () => import('./verbs/key.ts')),
    listed('user', 'who may log in to the page', () => import('./verbs/user.ts')),
    listed('webhook', 'who is told what happens', () => import('./verbs/webhook.ts')),
    listed('context', 'the sites you work with', () => import('./verbs/context.ts')),
    listed('completion <shell> [words...]', 'completion for bash, zsh and fish', () => import('./verbs/completion.ts')),
  ],
};
