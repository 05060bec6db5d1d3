import { describe, expect, it } from 'vitest';
import { callAgain } from '../../../cli/called.ts';

const from = (script: string, npm?: string) => ({
  script,
  cwd: '/home/ann/plumbline',
  env: npm ? { npm_lifecycle_event: npm } : {},
});

describe('a command line that is to be typed next', () => {
  it('is called as the one before it was', () => {
    const folder = '/home/ann/plumbline';
    expect(callAgain('status', folder, from('/usr/local/bin/plumb'))).toBe('plumb status');
    expect(callAgain('status', folder, from('/home/ann/plumbline/bin/plumb.mjs', 'npx'))).toBe('npx plumb status');
    expect(callAgain('status', folder, from('/home/ann/plumbline/dist/cli/main.js', 'start'))).toBe('npx plumb status');
    expect(callAgain('status', folder, from('/home/ann/plumbline/bin/plumb.mjs'))).toBe('node bin/plumb.mjs status');
  });

  it('names the repository where it is another folder than this', () => {
    const plumb = from('/usr/local/bin/plumb');
    expect(callAgain('doctor', '/home/ann/my-network', plumb)).toBe('plumb doctor -C /home/ann/my-network');
    expect(callAgain('status', '/home/ann/plumbline/examples/eos', plumb)).toBe('plumb status -C examples/eos');
    expect(callAgain('status', '/home/ann/my network', plumb)).toBe("plumb status -C '/home/ann/my network'");
  });
});
