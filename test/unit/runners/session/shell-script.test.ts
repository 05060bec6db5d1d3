import { describe, expect, it } from 'vitest';
import { shellScript } from '../../../../runners/session/shell-script.ts';

const { output, mark } = shellScript('true');

describe('what a login shell printed instead of running our script', () => {
  it('is the limit of logins where it says so, and no fault of the account', () => {
    const said = "permitted by applicable law.\nThere were too many logins for 'noc'.\n";
    expect(() => output(said, 'leaf1')).toThrow(
      expect.objectContaining({
        code: 'unreachable',
        message: expect.stringContaining(
          'it takes no more logins of this user: permitted by applicable law. There were',
        ),
        hint: expect.stringContaining('maxlogins'),
      }),
    );
  });

  it('is told as it is otherwise, and passed over before our mark', () => {
    expect(() => output('nologin\n', 'leaf1')).toThrow(expect.objectContaining({ code: 'unauthorized' }));
    expect(output(`a greeting\n${mark}\nours`, 'leaf1')).toBe('ours');
  });
});
