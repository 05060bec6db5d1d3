import type { Configs, Getter } from './getter.ts';

/** The configurations of a platform whose commands print them, without the lines that are none of it. */
export const configsOf = (
  requests: { running: string; startup?: string; candidate?: string },
  clean: (text: string) => string,
): Getter<Configs> => ({
  requests: Object.values(requests),
  parse: (inputs) => {
    const text = (request: string | undefined) => (request === undefined ? '' : clean(inputs.get(request) ?? ''));
    return { running: text(requests.running), startup: text(requests.startup), candidate: text(requests.candidate) };
  },
});

/** Takes lines out, which leaves empty ones, and blanks at both ends. */
export const withoutLines =
  (...patterns: RegExp[]) =>
  (text: string): string =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, ''), text.replaceAll('\r\n', '\n')).trim();
