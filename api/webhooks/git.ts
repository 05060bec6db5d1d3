import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Type } from 'typebox';
import { subjects } from '../../core/bus.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { Api, App } from '../app.ts';
import { HttpProblem } from '../http/problem.ts';
import { problems } from '../http/responses.ts';

/** What a git server tells of a push; larger ones the watcher finds by itself. */
const bodyLimitBytes = 2 * 1024 * 1024;
/** Wrong signatures that an address may send in a minute; the right one is always taken. */
const maxFailures = 20;

/** Takes as long whatever of it is right. */
const same = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(sha256(one), 'hex'), Buffer.from(sha256(other), 'hex'));

/**
 * Whether somebody who has the secret sent this: `X-Hub-Signature-256` of GitHub, `X-Gitea-Signature` of Gitea and Forgejo,
 * `X-Gitlab-Token` of GitLab, which is the secret itself.
 */
const isSigned = (headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean => {
  const text = (name: string): string | undefined => headers[name]?.toString();
  const mac = createHmac('sha256', secret).update(body).digest('hex');
  const github = text('x-hub-signature-256');
  if (github !== undefined) return same(github, `sha256=${mac}`);
  const gitea = text('x-gitea-signature');
  if (gitea !== undefined) return same(gitea, mac);
  const gitlab = text('x-gitlab-token');
  return gitlab !== undefined && same(gitlab, secret);
};

/** Lets a git server say that something was pushed: the watcher looks now. @param secret undefined: there is none, and nobody may */
export const gitHookRoutes = (app: App, { store }: Api, secret: string | undefined): void => {
  const countFailure = app.createRateLimit({ max: maxFailures, timeWindow: 60_000 });
  app.removeAllContentTypeParsers(); // the signature is of the bytes
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
  app.post(
    '/hooks/git',
    {
      config: { needs: 'nothing' },
      bodyLimit: bodyLimitBytes,
      schema: {
        operationId: 'gitHook',
        summary: 'Something was pushed: the watcher looks now. Signed as GitHub, GitLab or Gitea does',
        tags: ['webhooks'],
        security: [],
        response: { 202: Type.Object({ status: Type.Literal('looking') }), ...problems },
      },
    },
    async (request, reply) => {
      if (secret === undefined) {
        throw new HttpProblem('not_found', 'no secret is set for pushes', {
          hint: 'set PLUMB_GIT_HOOK_SECRET for the API, and the same secret at the git server: docs/webhooks.md',
        });
      }
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      if (!isSigned(request.headers, body, secret)) {
        const count = await countFailure(request);
        if (!count.isAllowed && count.isExceeded) {
          throw new HttpProblem('too_many_requests', 'too many wrong signatures from this address', {
            headers: { 'retry-after': String(count.ttlInSeconds) },
          });
        }
        throw new HttpProblem('not_authenticated', 'this is not signed with the secret of PLUMB_GIT_HOOK_SECRET', {
          hint: 'set the same secret at the git server; GitHub and Gitea sign with it, GitLab sends it as X-Gitlab-Token',
        });
      }
      store.nc.publish(subjects.look(store.site));
      return reply.code(202).send({ status: 'looking' as const });
    },
  );
};
