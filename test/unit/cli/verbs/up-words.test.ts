import { describe, expect, it } from 'vitest';
import { watcherWords } from '../../../../cli/up/parts/watcher.ts';
import { PlumbError } from '../../../../core/errors.ts';

describe('what `plumb up` tells of its watcher', () => {
  it('gives each flaw of an inventory a line, and says which inventory is in use meanwhile', () => {
    const problem = new PlumbError('invalid_inventory', 'inventory.yml:3:5: one\ninventory.yml:9:1: two');
    expect(watcherWords({ kind: 'problem', about: 'inventory', device: undefined, problem })).toBe(
      'error: inventory.yml:3:5: one\n' +
        'error: inventory.yml:9:1: two\n' +
        '  ! the last good inventory stays in use\n',
    );
  });

  it('names the commit in which a file changed, where there is one', () => {
    const event = { kind: 'noticed', device: 'leaf1', path: 'leaf1.cfg', author: undefined } as const;
    expect(watcherWords({ ...event, commit: '0123456789abcdef' })).toBe(
      'leaf1: leaf1.cfg changed in commit 01234567\n',
    );
    expect(watcherWords({ ...event, commit: undefined })).toBe('leaf1: leaf1.cfg changed\n');
  });
});
