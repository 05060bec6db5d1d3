import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest of test/integration/, the longest first; each mostly waits for routers, timers or processes. */
const longest = [
  'nats',
  'safety',
  'deploy',
  'frr-trial',
  'frr-cases',
  'cli-up',
  'frr-load',
  'kill',
  'bird-health',
  'watcher',
  'cli-completion',
  'sshd',
  'cli-up-eos',
  'rest',
];

/** Lets them begin first. A clone has no times of an earlier run, and what began last would be waited for alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/integration/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    const labs = sorted.filter(({ project }) => project.name === 'integration').sort((a, b) => rank(a) - rank(b));
    return sorted.map((spec) => (spec.project.name === 'integration' ? (labs.shift() ?? spec) : spec));
  }
}
