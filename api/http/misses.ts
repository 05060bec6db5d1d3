import type { App } from '../app.ts';
import { HttpProblem } from './problem.ts';

/** Answers what no route takes: 405 with the methods that the path knows, else 404. */
export const answerMisses = (app: App): void => {
  const known: { path: RegExp; method: string }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const path = new RegExp(`^${url.replace(/:[^/]+/g, '[^/]+')}$`);
    for (const one of [method].flat()) known.push({ path, method: one });
  });
  app.setNotFoundHandler((request) => {
    const path = request.url.split('?')[0] ?? '';
    const methods = known.filter((route) => route.path.test(path)).map(({ method }) => method);
    if (methods.length === 0) throw new HttpProblem('not_found', `there is nothing at ${path}`);
    throw new HttpProblem('method_not_allowed', `${path} does not take ${request.method}`, {
      headers: { allow: [...new Set(methods)].join(', ') },
    });
  });
};
