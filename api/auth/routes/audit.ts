import { Type } from 'typebox';
import { AuditRecord } from '../../../core/audit.ts';
import type { Api, App } from '../../app.ts';
import { read } from '../../http/responses.ts';
import { auditSpan, readAudit } from '../audit/trail.ts';

const AuditQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'default: 100' })),
    before: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 999_999_999_999, description: 'the `cursor` of the previous page' }),
    ),
  },
  { additionalProperties: false },
);
const AuditList = Type.Object({
  items: Type.Array(AuditRecord),
  cursor: Type.Union([Type.Integer(), Type.Null()], {
    description: '`before` for the next page; null on the last page',
  }),
});

/** What was asked, by whom, and how it was answered. */
export const auditRoutes = (app: App, { store, bus }: Api): void => {
  app.get(
    '/api/v1/audit',
    {
      config: { needs: ['audit', 'site'] },
      schema: {
        operationId: 'listAudit',
        summary: 'Requests, their senders and their answers, newest first',
        tags: ['access'],
        querystring: AuditQuery,
        response: read(AuditList),
      },
    },
    async ({ query: { limit = 100, before = Number.MAX_SAFE_INTEGER } }) =>
      bus.reach(async () => {
        const { first, last } = await auditSpan(store);
        const to = Math.min(last, before - 1);
        const from = Math.max(first, to - limit + 1);
        const items: AuditRecord[] = [];
        for await (const { link } of readAudit(store, from, to)) if (link?.record) items.unshift(link.record);
        return { items, cursor: from > first ? from : null };
      }),
  );
};
