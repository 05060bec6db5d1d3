import { adoptVerb } from './adopt.ts';
import { apiVerb } from './api.ts';
import { approveVerb, cancelVerb } from './approve.ts';
import { bgpVerb } from './bgp.ts';
import type { Verb } from './context.ts';
import { diffVerb } from './diff.ts';
import { doctorVerb } from './doctor.ts';
import { factsVerb } from './facts.ts';
import { fileVerb } from './file.ts';
import { historyVerb } from './history.ts';
import { hookVerb } from './hook.ts';
import { initVerb } from './init.ts';
import { interfacesVerb } from './interfaces.ts';
import { jobVerb } from './job.ts';
import { jobsVerb } from './jobs.ts';
import { labVerb } from './lab.ts';
import { parseVerb } from './parse.ts';
import { platformsVerb } from './platforms.ts';
import { pushVerb } from './push.ts';
import { renderVerb } from './render.ts';
import { resumeVerb, retryVerb } from './retry.ts';
import { rollbackVerb } from './rollback.ts';
import { runVerb } from './run.ts';
import { runnerVerb } from './runner.ts';
import { simVerb } from './sim.ts';
import { statusVerb } from './status.ts';
import { trustVerb } from './trust.ts';
import { upVerb } from './up.ts';
import { validateVerb } from './validate.ts';
import { watchVerb } from './watch.ts';

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
