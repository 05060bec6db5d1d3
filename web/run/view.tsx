import { useMemo, useRef } from 'preact/hooks';
import { now } from '../data/clock.ts';
import type { Device } from '../data/types.ts';
import { filterDevices } from '../fleet/filter.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Failed } from '../parts/failed.tsx';
import { Head } from '../parts/head.tsx';
import { mayNot } from '../session.ts';
import { useKeys } from '../shell/keys.ts';
import { go, place, withQuery } from '../shell/route.ts';
import { count } from '../words/words.ts';
import { alike, verdictOf } from './answers.ts';
import { AlikeGroup } from './group.tsx';
import { useRun } from './use-run.ts';

/** Who answers differently? */
export const RunView = ({ all }: { all: readonly Device[] }) => {
  const field = useRef<HTMLInputElement>(null);
  const { asked, answers, busy, start } = useRun();
  const select = place.value.query.get('select') ?? '';
  const chosen = useMemo(() => filterDevices(all, select, now.peek()), [all, select]);
  const why = mayNot('command');
  const groups = alike(answers);
  const most = groups.at(-1);
  const usual = most && most.devices.length > 1 ? most : undefined;
  const { answer, rest } = asked
    ? verdictOf(answers, asked.devices.length)
    : {
        answer: 'One command on many devices, equal answers grouped.',
        rest: 'Read-only commands; anything that may change a device is refused.',
      };
  useKeys(() => [{ press: '/', does: 'command', run: () => field.current?.focus() }], []);
  return (
    <>
      <Head title="Run" answer={answer} rest={rest}>
        {answers.length > 0 && !busy && (
          <CopyButton
            word="Copy as JSON"
            text={() =>
              JSON.stringify(
                answers.map((one) =>
                  one.kind === 'said'
                    ? { device: one.device, output: one.output }
                    : { device: one.device, code: one.refusal.code },
                ),
                null,
                2,
              )
            }
          />
        )}
      </Head>
      <form
        class="tools"
        onSubmit={(event) => {
          event.preventDefault();
          const command = field.current?.value.trim() ?? '';
          if (command !== '' && why === '' && chosen.devices.length > 0)
            start(
              command,
              chosen.devices.map(({ device }) => device),
            );
        }}
      >
        <label class="filter">
          <span class="quiet">on</span>
          <span class="vh">Devices, by selector</span>
          <input
            value={select}
            spellcheck={false}
            autocomplete="off"
            placeholder="all devices; leaf*, role=spine"
            onInput={({ currentTarget }) => go(withQuery({ select: currentTarget.value }), 'replace')}
          />
        </label>
        <label class="filter">
          <span class="quiet">run</span>
          <span class="vh">Command</span>
          <input ref={field} spellcheck={false} autocomplete="off" autocapitalize="off" placeholder="show version" />
        </label>
        <button
          class="btn do"
          type="submit"
          disabled={busy}
          aria-disabled={why !== '' || chosen.devices.length === 0 || undefined}
        >
          {busy ? 'Running' : `Run on ${count(chosen.devices.length, 'device')}`}
        </button>
      </form>
      {why && <p class="quiet">{why}</p>}
      {chosen.problem && <p class="quiet">{chosen.problem.text}</p>}
      {asked && (
        <section aria-label="Answers">
          {groups.map((group) => (
            <AlikeGroup key={group.devices[0]} group={group} usual={group === usual ? undefined : usual} />
          ))}
          {answers.map((one) => one.kind === 'failed' && <Failed key={one.device} refusal={one.refusal} />)}
        </section>
      )}
    </>
  );
};
