import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = ['engines', 'core', 'watcher', 'runners', 'api', 'cli', 'web', 'lab', 'bench'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix.relative(root, join(entry.parentPath, entry.name))),
);

type Arrow = { from: string; to: string };
const arrows: Arrow[] = files.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)].map(
    ([, fixed, lazy]) => ({ from, to: posix.join(posix.dirname(from), fixed ?? lazy ?? '') }),
  ),
);
const told = ({ from, to }: Arrow) => `${from} → ${to}`;
const within = (room: string) => (file: string) => file === room || file.startsWith(`${room}/`);

/** Above the platforms: the list of them, what is found by it, and what makes one of a file. */
const registries = [
  'runners/drivers/registry.ts',
  'runners/drivers/parsers.ts',
  'runners/drivers/textfsm.ts',
  'runners/drivers/outside',
];

/** The rooms of runners/, from the top to the ground: each may use those below it. */
const floors: readonly (readonly string[])[] = [
  ['runners/main.ts'],
  ['runners/running'],
  ['runners/requests'],
  ['runners/loop'],
  ['runners/lifecycle'],
  ['runners/holding'],
  registries,
  ['runners/drivers'],
  ['runners/session'],
  ['runners/transports'],
  ['runners/dialogue'],
  ['runners/getters', 'runners/validate'],
  // the types that all of them share
  [
    'runners/driver.ts',
    'runners/shapes.ts',
    'runners/getters/getter.ts',
    'runners/session/read-only.ts',
    'runners/trial-name.ts',
    'runners/xml.ts',
  ],
];
const floorOf = (file: string): number => {
  const found = floors.flatMap((rooms, floor) =>
    rooms.filter((room) => within(room)(file)).map((room) => ({ room, floor })),
  );
  return found.sort((one, other) => other.room.length - one.room.length)[0]?.floor ?? -1;
};

const selecting = 'core/inventory/select';

describe('the rooms', () => {
  it('are found at all', () => {
    expect(files.length).toBeGreaterThan(500);
    expect(arrows.length).toBeGreaterThan(2_000);
  });

  it.each([
    ['engines/jinja', ['engines/jinja', 'engines/nearest.ts']],
    ['engines/nunjucks', ['engines/nunjucks']],
    ['engines/textfsm', ['engines/textfsm']],
    ['engines/nearest.ts', []],
    ['core', ['core', 'engines']],
    ['watcher', ['watcher', 'core']],
    ['runners', ['runners', 'core', 'engines']],
    ['api', ['api', 'core', 'engines/nearest.ts']],
    [
      'web',
      [
        'web',
        'api/http/schemas.ts',
        'api/auth/roles.ts',
        'core/bus.ts',
        'core/errors.ts',
        'core/steps.ts',
        'core/text',
        'core/diff',
        selecting,
      ],
    ],
  ])('%s imports from %j alone', (room, allowed) => {
    const wrong = arrows.filter(({ from, to }) => within(room)(from) && !allowed.some((one) => within(one)(to)));
    expect(wrong.map(told)).toEqual([]);
  });

  it('of the page take types from the API, and none of its code', () => {
    const wrong = files
      .filter(within('web'))
      .filter((file) =>
        /^(?:import|export) (?!type)[^;]*from '[./]*api\//m.test(readFileSync(join(root, file), 'utf8')),
      );
    expect(wrong).toEqual([]);
  });

  it('of runners stand on each other: no arrow leads up', () => {
    const inside = arrows.filter(({ from, to }) => within('runners')(from) && within('runners')(to));
    expect(inside.flatMap(({ from, to }) => [from, to]).filter((file) => floorOf(file) < 0)).toEqual([]);
    expect(inside.filter(({ from, to }) => floorOf(from) > floorOf(to)).map(told)).toEqual([]);
  });

  const platformsIn = /^runners\/drivers\/([^/]+)\//;

  it('of a platform are imported by the list of them alone, and by platforms of its family', () => {
    const wrong = arrows.filter(({ from, to }) => {
      const [, named] = platformsIn.exec(to) ?? [];
      const list = from === 'runners/drivers/registry.ts' && to === `runners/drivers/${named}/platform.ts`;
      return named !== undefined && named !== 'outside' && within('runners')(from) && !platformsIn.test(from) && !list;
    });
    expect(wrong.filter(({ from }) => !from.startsWith('runners/drivers/outside/')).map(told)).toEqual([]);
  });

  it('but those of a platform name none, in quotes or as a key', () => {
    const names = readdirSync(join(root, 'runners/drivers'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(entry.parentPath, entry.name, 'platform.ts')))
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(10);
    // a transport and the host's own system are called so, too
    const quoted = new RegExp(`['"\`](?:${names.filter((name) => !/^(?:netconf|linux)$/.test(name)).join('|')})['"\`]`);
    const key = new RegExp(`^\\s*(?:${names.filter((name) => name !== 'netconf').join('|')})(?::|,$)`, 'm'); // netconf is a transport, too
    const free = [
      'core/platform-names.ts', // for those that import no runner
      'runners/drivers/registry.ts',
      'cli/up/labs.ts', // labs, which are called as what they are made of
      'cli/init/examples.ts',
    ];
    const wrong = files.filter((file) => {
      const [, own] = platformsIn.exec(file) ?? [];
      if (free.includes(file) || /^(?:lab|bench)\//.test(file)) return false;
      const text = readFileSync(join(root, file), 'utf8');
      const others = own === undefined ? text : text.replaceAll(new RegExp(`\\b${own}\\b`, 'g'), '');
      return quoted.test(others) || key.test(others);
    });
    expect(wrong).toEqual([]);
  });

  it('export nothing but what another file takes', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.m?ts$/.test(file))
      .map((file) => `test/${file}`);
    const texts = [...files, ...tests].map((file) => readFileSync(join(root, file), 'utf8'));
    const taken = new Set(
      texts.flatMap((text) =>
        [
          ...text.matchAll(/^(?:im|ex)port (?:type )?\{([^}]*)\} from|\{([^{}]*)\} = await (?:import|vi\.import)/gm),
        ].flatMap(([, fixed, lazy = '']) => (fixed ?? lazy).match(/\w+/g) ?? []),
      ),
    );
    // of a file that is taken whole, or when it is needed, names are taken in many ways
    const lazy = new Set(
      [...files, ...tests].flatMap((from, at) =>
        [...(texts[at] ?? '').matchAll(/\bimport\('(\.[^']+)'\)|\* as \w+ from '(\.[^']+)'/g)].map(
          ([, called, whole]) => posix.join(posix.dirname(from), called ?? whole ?? ''),
        ),
      ),
    );
    const unused = files.flatMap((file, at) =>
      lazy.has(file)
        ? []
        : [...(texts[at] ?? '').matchAll(/^export (?:async )?(?:const|function|class|type) (\w+)/gm)]
            .filter(([, name = '']) => !taken.has(name))
            .map(([, name]) => `${file}: ${name}`),
    );
    expect(unused).toEqual([]);
  });

  it('hold at most twelve loose files', () => {
    const loose = new Map<string, number>();
    for (const room of files.map((file) => posix.dirname(file))) loose.set(room, (loose.get(room) ?? 0) + 1);
    const free = (room: string) => room === 'cli/verbs' || room.startsWith('engines/');
    const full = [...loose].filter(([room, count]) => !free(room) && count > 12);
    expect(full.map(([room, count]) => `${room}: ${count}`)).toEqual([]);
  });
});
