import { useState } from 'preact/hooks';
import { Refusal } from '../data/refusal.ts';

type Work = { busy: boolean; done: boolean; failed?: Refusal; run: (work: () => Promise<unknown>) => void };

/** Something that a person asked for: under way, done, or refused, which is said where it was asked for. */
export const useWork = (): Work => {
  const [state, setState] = useState<Omit<Work, 'run'>>({ busy: false, done: false });
  const run = (work: () => Promise<unknown>) => {
    setState({ busy: true, done: false });
    work().then(
      () => setState({ busy: false, done: true }),
      (error: unknown) => {
        const failed = error instanceof Refusal ? error : new Refusal('internal', String(error));
        setState({ busy: false, done: false, failed });
      },
    );
  };
  return { ...state, run };
};
