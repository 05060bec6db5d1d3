import type { Device } from '../../data/types.ts';
import { useReading } from '../../data/use-reading.ts';
import { Failed } from '../../parts/failed.tsx';
import { Text } from '../../parts/text.tsx';
import { age } from '../../words/time.ts';
import { ReadHead } from './read-head.tsx';

type Fact = [name: string, value: string, isCode: boolean];

/** What the inventory and the runner know without asking the device. */
const known = ({ host, platform, groups, lease, state }: Device): Fact[] => [
  ['Address', host, true],
  ['Platform', platform, false],
  ['Groups', groups.join(', '), false],
  ['Held by', lease?.runner ?? 'nobody', lease !== null],
  ['Session', state ? `${state.session.state}${state.session.error && `: ${state.session.error}`}` : 'unknown', false],
];

const told = (facts: Record<string, unknown>): Fact[] => {
  const uptime = facts.uptime;
  const rows: [string, unknown][] = [
    ['Model', facts.model],
    ['Version', facts.os_version],
    ['Serial', facts.serial_number],
    ['Uptime', typeof uptime === 'number' && uptime >= 0 ? age(0, uptime * 1000) : undefined],
  ];
  return rows.map(([name, value]) => [name, typeof value === 'string' && value !== '' ? value : 'not reported', false]);
};

/** What kind of device it is. */
export const Facts = ({ device }: { device: Device }) => {
  const reading = useReading(device.device, 'facts');
  const facts = (reading.job?.result as { facts?: Record<string, unknown> } | undefined)?.facts;
  const rows = [...known(device), ...(facts ? told(facts) : [])].filter(([, value]) => value !== '');
  return (
    <section>
      <ReadHead title="Facts" reading={reading} />
      <Failed refusal={reading.failed} />
      <dl class="dl">
        {rows.map(([name, value, isCode]) => (
          <>
            <dt>{name}</dt>
            <dd class={isCode ? 'm' : ''}>
              <Text>{value}</Text>
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
};
