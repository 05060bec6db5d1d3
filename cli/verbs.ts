import type { Verb } from './context.ts';

/** A verb as `plumb --help` lists it, without its file. */
export type Listed = { name: string; usage: string; summary: string; load: () => Promise<Verb> };

const listed = (words: string, summary: string, load: Listed['load']): Listed => {
  const [name = '', ...usage] = words.split(' ');
  return { name, usage: usage.join(' '), summary, load };
};

/** Every verb, in the order and under the headings of `plumb --help`. What it does is loaded when it is called. */
export const verbs: Readonly<Record<string, readonly Listed[]>> = {
  'Look:': [
    listed(
      'status [options] [device...]',
      'each device: in sync or not, and why',
      async () => (await import('./verbs/status.ts')).statusVerb,
    ),
    listed(
      'diff [options] [device...]',
      'what a deployment would change',
      async () => (await import('./verbs/diff.ts')).diffVerb,
    ),
    listed(
      'bgp [options] [device...]',
      'BGP sessions, queried live',
      async () => (await import('./verbs/bgp.ts')).bgpVerb,
    ),
    listed(
      'facts [options] [device...]',
      'model, version and serial number, queried live',
      async () => (await import('./verbs/facts.ts')).factsVerb,
    ),
    listed(
      'interfaces [options] [device...]',
      'interface addresses, queried live',
      async () => (await import('./verbs/interfaces.ts')).interfacesVerb,
    ),
    listed(
      'run [options] [device...]',
      'run a command on devices; it follows --',
      async () => (await import('./verbs/run.ts')).runVerb,
    ),
    listed(
      'config [options] <device>',
      'the running configuration, queried live',
      async () => (await import('./verbs/config.ts')).configVerb,
    ),
    listed(
      'jobs [options] [device...]',
      'what was done and what is in progress',
      async () => (await import('./verbs/jobs.ts')).jobsVerb,
    ),
    listed('job [options] <id>', 'one job: steps, checks, diff', async () => (await import('./verbs/job.ts')).jobVerb),
    listed(
      'history [options] <device>',
      'what has changed a device',
      async () => (await import('./verbs/history.ts')).historyVerb,
    ),
    listed(
      'audit [options]',
      'who asked the REST API to do what',
      async () => (await import('./verbs/audit.ts')).auditVerb,
    ),
    listed(
      'logs [options] [device...]',
      'live log of runners, watcher and API',
      async () => (await import('./verbs/logs.ts')).logsVerb,
    ),
    listed(
      'validate [options] <file> [device...]',
      'check devices against a validation file',
      async () => (await import('./verbs/validate.ts')).validateVerb,
    ),
    listed(
      'parse [options] <path>',
      'turn captured output into structured data',
      async () => (await import('./verbs/parse.ts')).parseVerb,
    ),
  ],
  'Change:': [
    listed(
      'render [options] [device...]',
      'build intended/ from the templates',
      async () => (await import('./verbs/render.ts')).renderVerb,
    ),
    listed(
      'push [options] [device...]',
      'deploy intended/ as it is on disk',
      async () => (await import('./verbs/push.ts')).pushVerb,
    ),
    listed(
      'approve [options] <job>',
      'approve a job that is waiting for it',
      async () => (await import('./verbs/approve.ts')).approveVerb,
    ),
    listed(
      'rollback [options] <device>',
      'go back to what ran before a deployment',
      async () => (await import('./verbs/rollback.ts')).rollbackVerb,
    ),
    listed(
      'hold [options] [device...]',
      'stop deployments to a device',
      async () => (await import('./verbs/hold.ts')).holdVerb,
    ),
    listed(
      'resume [options] [device...]',
      "end a hold and deploy the source's text",
      async () => (await import('./verbs/retry.ts')).resumeVerb,
    ),
    listed(
      'retry [options] [device...]',
      'retry an intent that failed',
      async () => (await import('./verbs/retry.ts')).retryVerb,
    ),
    listed('cancel <job>', 'cancel a job', async () => (await import('./verbs/approve.ts')).cancelVerb),
    listed('file', 'fetch or replace a file on a device', async () => (await import('./verbs/file.ts')).fileVerb),
  ],
  'Run:': [
    listed(
      'up [options]',
      'everything in one process, for a laptop or a lab',
      async () => (await import('./verbs/up.ts')).upVerb,
    ),
    listed(
      'watch [options]',
      'publish what is committed or saved',
      async () => (await import('./verbs/watch.ts')).watchVerb,
    ),
    listed(
      'runner [options] [device...]',
      'look after devices and deploy to them',
      async () => (await import('./verbs/runner.ts')).runnerVerb,
    ),
    listed('api [options]', 'serve the REST API', async () => (await import('./verbs/api.ts')).apiVerb),
    listed('lab', 'routers to try Plumbline on', async () => (await import('./verbs/lab.ts')).labVerb),
    listed('sim [options]', 'simulated devices on their own', async () => (await import('./verbs/sim.ts')).simVerb),
  ],
  'Set up:': [
    listed(
      'init [options] [folder]',
      'start a repository of your own',
      async () => (await import('./verbs/init.ts')).initVerb,
    ),
    listed(
      'doctor [options] [device...]',
      'what is wrong, and how to fix it',
      async () => (await import('./verbs/doctor.ts')).doctorVerb,
    ),
    listed(
      'test [options] <device>',
      'test the way to a device, step by step',
      async () => (await import('./verbs/test.ts')).testVerb,
    ),
    listed(
      'trust [options] [device...]',
      "pin a device's SSH host key or TLS certificate",
      async () => (await import('./verbs/trust.ts')).trustVerb,
    ),
    listed(
      'adopt [options] <device>',
      'write the running configuration to intended/',
      async () => (await import('./verbs/adopt.ts')).adoptVerb,
    ),
    listed(
      'hook',
      'have git tell the watcher about each commit',
      async () => (await import('./verbs/hook.ts')).hookVerb,
    ),
    listed(
      'schema [verb...]',
      'the JSON Schema of what verbs print',
      async () => (await import('./verbs/schema.ts')).schemaVerb,
    ),
    listed(
      'platforms [options] [platform...]',
      'what each platform can do',
      async () => (await import('./verbs/platforms.ts')).platformsVerb,
    ),
    listed('key', 'who may use the REST API', async () => (await import('./verbs/key.ts')).keyVerb),
    listed('user', 'who may log in to the page', async () => (await import('./verbs/user.ts')).userVerb),
    listed('context', 'the sites you work with', async () => (await import('./verbs/context.ts')).contextVerb),
    listed(
      'completion <shell> [words...]',
      'completion for bash, zsh and fish',
      async () => (await import('./verbs/completion.ts')).completionVerb,
    ),
  ],
};
