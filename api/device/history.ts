import type { Api, App } from '../app.ts';
import { viewed } from '../http/responses.ts';
import { DevicePath, HistoryQuery, JobList, JobSummary } from '../http/schemas.ts';
import { devicePath } from '../routes/changes.ts';
import { getEntry } from '../routes/device-view.ts';
import { answerView, pageOf } from '../views/answer.ts';
import { fieldsOf } from '../views/fields.ts';
import { isHistory, type JobRow } from '../views/jobs.ts';

/** What changed a device, or tried to. */
export const historyRoutes = (app: App, api: Api): void => {
  app.get(
    devicePath('history'),
    {
      config: { needs: ['view', 'device'] },
      schema: {
        operationId: 'history',
        summary: 'Deployments, rollbacks, changing commands and replaced files, newest first',
        tags: ['devices'],
        params: DevicePath,
        querystring: HistoryQuery,
        response: viewed(JobList),
      },
    },
    async (request, reply) => {
      const { name: device } = request.params;
      const { all = false, limit = 20, cursor, fields } = request.query;
      const picked = fields === undefined ? undefined : fieldsOf(JobSummary, fields);
      await getEntry(api, device);
      const ageMs = await api.views.fresh('jobs');
      const which = { devices: new Set([device]), limit, cursor, wanted: isHistory(all) };
      const { rows, more } = api.views.jobs.list(which);
      const text = (row: JobRow) => (picked ? JSON.stringify(picked(JSON.parse(row.text))) : row.text);
      const next = more ? (rows.at(-1)?.id ?? null) : null;
      return answerView(request, reply, [api.views.jobs.version], ageMs, () => pageOf(rows, text, next));
    },
  );
};
