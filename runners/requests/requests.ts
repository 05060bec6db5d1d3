import type { Msg } from '@nats-io/transport-node';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { Compile } from 'typebox/compile';
import { headers, isJobId, type Request, requests, subjects, type Verb } from '../../core/bus.ts';
import { explain, PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import { redactAll } from '../../core/redact/redact-all.ts';
import { endUntaken } from '../../core/store/jobs.ts';
import { decodeBody } from '../../core/store/payload.ts';
import { asFailure } from '../lifecycle/own-fault.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { forDevice } from '../loop/last-line.ts';
import { asJson, asText } from './answer-body.ts';
import { answers, verbs } from './answers.ts';
import type { Answer, Asker } from './recorded.ts';
import { parseRequest, patienceOf, whyStray } from './request-gate.ts';

const checks = Object.fromEntries(verbs.map((verb) => [verb, Compile(requests[verb].schema)])) as Record<
  Verb,
  ReturnType<typeof Compile>
>;

const fail = (message: Msg, error: PlumbError): void => {
  const to = natsHeaders();
  to.set(headers.errorCode, error.code);
  const text = redact([explain(error), error.hint].filter(Boolean).join('; '));
  to.set(headers.error, text.replace(/[\r\n]+/g, ' ').slice(0, 2000));
  message.respond(text, { headers: to });
};

/** The job that a request names, where it is one: whoever made its record must not wait for what is not done. */
const refuse = async ({ context }: DeviceLoop, message: Msg, error: PlumbError): Promise<void> => {
  const id = message.headers?.get(headers.job);
  if (id && isJobId(id)) {
    await endUntaken(context.store, { id, device: context.device.name }, error).catch((failure: unknown) => {
      context.log.warn({ device: context.device.name, job: id }, `the job stays open: ${explain(failure)}`);
    });
  }
  fail(message, error);
};

const answer = async <V extends Verb>(loop: DeviceLoop, verb: V, message: Msg): Promise<void> => {
  const cameMs = performance.now();
  try {
    const asked = decodeBody(message.data, message.headers?.get(headers.encoding) || undefined);
    const { request, json } = parseRequest(loop.context.device.name, verb, Buffer.from(asked).toString());
    const check = checks[verb];
    if (!check.Check(request)) {
      const problems = [...check.Errors(request)].map(
        ({ instancePath, message: why }) => `${instancePath || 'request'}: ${why}`,
      );
      throw new PlumbError(
        'invalid_request',
        `${loop.context.device.name}: bad "${verb}" request: ${problems.join('; ')}`,
      );
    }
    const job = message.headers?.get(headers.job) || undefined;
    if (job && !isJobId(job))
      throw new PlumbError('invalid_request', `${loop.context.device.name}: "${job.slice(0, 40)}" is not a job id`);
    const asker: Asker = {
      job,
      author: message.headers?.get(headers.author) || undefined,
      untilMs: cameMs + patienceOf(message),
    };
    // the bytes of a file are what was asked for; everything else is masked
    const answered = await answers[verb](loop, request as Request<V>, asker);
    const bytes = answered.content instanceof Uint8Array ? answered.content : undefined;
    const { content: _, ...told } = answered;
    const most = (loop.context.store.nc.info?.max_payload ?? 1024 * 1024) - 4096; // headers count too
    const room = { device: loop.context.device.name, verb, most };
    const result: Answer = await redactAll(bytes ? told : answered);
    const { body, encoding } = await (json ? asJson(room, result, bytes) : asText(room, result, bytes));
    const to = natsHeaders();
    if (encoding) to.set(headers.encoding, encoding);
    message.respond(body, { headers: to });
  } catch (error) {
    await refuse(loop, message, asFailure(error, loop.context, `answering "${verb}"`));
  }
};

/** Answers requests on a device for as long as it is loop. */
export const serve = (loop: DeviceLoop): { stop(): void; drain(): Promise<unknown>; answered(): Promise<unknown> } => {
  const { store, device, log } = loop.context;
  const underWay = new Set<Promise<void>>();
  const subscriptions = verbs.map((verb) =>
    store.nc.subscribe(subjects.request(store.site, device.name, verb), {
      callback: (error, message) => {
        if (error) return;
        const stray = whyStray(message);
        if (stray) {
          log.warn({ device: device.name, verb }, `ignored a "${verb}" request: ${stray}`);
          return;
        }
        const answering = forDevice(
          (fault) => loop.fault(fault),
          () => answer(loop, verb, message),
        ).finally(() => underWay.delete(answering));
        underWay.add(answering);
      },
    }),
  );
  return {
    stop: () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
    /** Stops, and resolves when what NATS had handed over already is answered: nobody else will. */
    drain: async () => {
      await Promise.allSettled(subscriptions.map((subscription) => subscription.drain()));
      await Promise.all(underWay);
    },
    answered: () => Promise.all(underWay),
  };
};
