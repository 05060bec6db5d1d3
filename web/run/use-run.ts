import { useRef, useState } from 'preact/hooks';
import { eachOf } from '../data/at-once.ts';
import { Refusal } from '../data/refusal.ts';
import { readNow } from '../data/use-reading.ts';
import type { Answer } from './answers.ts';

const atOnce = 6;

type Run = {
  /** What is or was asked; undefined: nothing yet. */
  asked: { command: string; devices: readonly string[] } | undefined;
  answers: readonly Answer[];
  busy: boolean;
  start: (command: string, devices: readonly string[]) => void;
};

/** One command on many devices, a few at a time; answers are shown as they come. */
export const useRun = (): Run => {
  const [asked, setAsked] = useState<Run['asked']>();
  const [answers, setAnswers] = useState<readonly Answer[]>([]);
  const [busy, setBusy] = useState(false);
  const turn = useRef(0);
  const start = async (command: string, devices: readonly string[]) => {
    const mine = ++turn.current;
    setAsked({ command, devices });
    setAnswers([]);
    setBusy(true);
    const add = (answer: Answer) => {
      if (turn.current === mine) setAnswers((before) => [...before, answer]);
    };
    await eachOf(devices, atOnce, async (device) => {
      if (turn.current !== mine) return;
      try {
        const { result } = await readNow(device, 'command', { command });
        add({ device, kind: 'said', output: (result as { output?: string } | undefined)?.output ?? '' });
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal('internal', String(error));
        add({ device, kind: 'failed', refusal });
      }
    });
    if (turn.current === mine) setBusy(false);
  };
  return { asked, answers, busy, start: (...what) => void start(...what) };
};
