import type { Verb } from './context.ts';
import { adoptVerb } from './verbs/adopt.ts';
import { apiVerb } from './verbs/api.ts';
import { approveVerb, cancelVerb } from './verbs/approve.ts';
import { bgpVerb } from './verbs/bgp.ts';
import { diffVerb } from './verbs/diff.ts';
import { doctorVerb } from './verbs/doctor.ts';
import { factsVerb } from './verbs/facts.ts';
import { fileVerb } from './verbs/file.ts';
import { historyVerb } from './verbs/history.ts';
import { hookVerb } from './verbs/hook.ts';
import { initVerb } from './verbs/init.ts';
import { interfacesVerb } from './verbs/interfaces.ts';
import { jobVerb } from './verbs/job.ts';
import { jobsVerb } from './verbs/jobs.ts';
import { labVerb } from './verbs/lab.ts';
import { parseVerb } from './verbs/parse.ts';
import { platformsVerb } from './verbs/platforms.ts';
import { pushVerb } from './verbs/push.ts';
import { renderVerb } from './verbs/render.ts';
import { resumeVerb, retryVerb } from './verbs/retry.ts';
import { rollbackVerb } from './verbs/rollback.ts';
import { runVerb } from './verbs/run.ts';
import { runnerVerb } from './verbs/runner.ts';
import { simVerb } from './verbs/sim.ts';
import { statusVerb } from './verbs/status.ts';
import { trustVerb } from './verbs/trust.ts';
import { upVerb } from './verbs/up.ts';
import { validateVerb } from './verbs/validate.ts';
import { watchVerb } from './verbs/watch.ts';

/** Every verb, in the order and under the headings of `plumb --help`. */
export const verbs: Readonly<Record<string, readonly Verb[]>> = {
  'Look:': [
    statusVerb,
    diffVerb,
    bgpVerb,
    factsVerb,
    interfacesVerb,
    runVerb,
    jobsVerb,
    jobVerb,
    historyVerb,
    validateVerb,
    parseVerb,
  ],
  'Change:': [renderVerb, pushVerb, approveVerb, rollbackVerb, resumeVerb, retryVerb, cancelVerb, fileVerb],
  'Run:': [upVerb, watchVerb, runnerVerb, apiVerb, labVerb, simVerb],
  'Set up:': [initVerb, doctorVerb, trustVerb, adoptVerb, hookVerb, platformsVerb],
};
