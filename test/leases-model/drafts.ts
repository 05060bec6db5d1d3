import type { Claim, Heartbeat, Pool } from '../../core/bus.ts';
import type { Answer } from '../../runners/holding/leases/bucket.ts';
import type { Tenure } from '../../runners/holding/leases/tenure.ts';
import type { Timing } from '../../runners/holding/leases/timing.ts';

/** The protocol with one of its rules taken out. */
export type Draft = {
  timing?: Partial<Timing>;
  change?: (tenure: Tenure) => void;
  /** @returns what is answered instead of writing; undefined: it is written */
  write?: (tenure: Tenure, key: string, value: Claim | Heartbeat | Pool) => Answer | undefined;
  /** Claims lie in a stream of their own, so that one can be lost without the other. */
  twoStreams?: true;
};

/** Each of these goes wrong within some hundred schedules. */
export const noticed = {
  /** What is new is written to at once, whatever the store has gone through. */
  'no settling': { timing: { settleMs: 0 } },
  /** A right from the answer, by a watch that may be a dead one. */
  'right by acknowledgement': {
    change: (tenure) => {
      const { bucket } = tenure;
      const { write } = bucket;
      bucket.write = (key, value, over, done) =>
        write(key, value, over, (answer) => {
          if (answer.kind === 'stored' && 'n' in value && key === `runner.${tenure.name}`)
            tenure.heard(key, { seq: answer.seq, value });
          done(answer);
        });
    },
  },
  /** Claims in a bucket of their own, and nobody sees that entries went back. */
  'two buckets': {
    twoStreams: true,
    change: ({ view, claims }) => {
      const load = view.load.bind(view);
      view.load = (...loaded) => void load(...loaded);
      claims.missing = () => undefined;
    },
  },
} satisfies Record<string, Draft>;

/** In none of these 5,000 schedules showed a fault: second nets, or rules for what is not modelled. */
export const unnoticed = {
  /** The claims of a silent runner are simply taken. */
  'no burial': {
    write: (tenure, key, value) => {
      if (!('buried' in value)) return undefined;
      tenure.heard(key, { seq: value.buried.over, value });
      return { kind: 'stored', seq: 0 };
    },
  },
  /** A right that counts from when the beat came back. */
  'right from the answer': {
    change: ({ right }) => {
      const cameBack = right.cameBack.bind(right);
      right.cameBack = (n) => {
        if (!cameBack(n)) return false;
        right.sending(n);
        return cameBack(n);
      };
    },
  },
  /** After a lapse the work goes on as soon as a beat comes back. */
  'no settling after a lapse': {
    change: (tenure) => void Object.defineProperty(tenure.right, 'lapsed', { get: () => false }),
  },
} satisfies Record<string, Draft>;
