import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { App } from '../app.ts';
import { HttpProblem } from './problem.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing but what this server sends itself; no script or style within the page; no text that becomes HTML. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The views that the page has an address for; each answers with the page itself. */
const views = ['/', '/devices/:name', '/activity', '/topology', '/bgp', '/run'];

/** Where `vite build` puts the page: beside this code's sources, or above dist/. '' where it did not. */
const builtPage = (): string => {
  const root = new URL(import.meta.url.includes('/dist/api/') ? '../../../' : '../../', import.meta.url);
  const folder = fileURLToPath(new URL('web/dist', root));
  return existsSync(join(folder, 'index.html')) ? folder : '';
};

type File = { body: Buffer; headers: Record<string, string> };

/** Every file of a folder by its address, as it is sent: what is not here cannot be asked for. */
const filesOf = (folder: string): Map<string, File> => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const address = `/${relative(folder, path).split(sep).join('/')}`;
      const body = readFileSync(path);
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      const isHashed = address.startsWith('/assets/'); // another content has another name
      const headers = {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': policy,
        'cross-origin-opener-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        etag,
      };
      return [address, { body, headers }] as const;
    }),
  );
};

/**
 * Serves the page, without a key: it asks for one itself, and is the same for everyone.
 *
 * @param folder what was built; '': nothing was, and the page's addresses say so
 */
export const servePage = (app: App, folder = builtPage()): void => {
  const files = folder === '' ? new Map<string, File>() : filesOf(folder);
  const serve = (url: string, file: File | undefined) =>
    app.get(url, { schema: { hide: true }, config: { needs: 'nothing' } }, async (request, reply) => {
      if (!file) throw new HttpProblem('not_found', 'the page is not built', { hint: '`npm run build` builds it' });
      reply.headers(file.headers);
      return request.headers['if-none-match'] === file.headers.etag ? reply.code(304).send() : reply.send(file.body);
    });
  for (const view of views) serve(view, files.get('/index.html'));
  for (const [address, file] of files) if (address !== '/index.html') serve(address, file);
};
