// Writes what it reads as a comment on the merge request that this job runs for, and updates it the next time:
//   node comment.mjs < review.md
// GitHub: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL, PULL_REQUEST. GitLab: GITLAB_TOKEN (api), and what CI sets.
import { text } from 'node:stream/consumers';

const mark = '<!-- plumb diff -->'; // the first line that `plumb diff -o markdown` writes
const need = (name) => {
  const value = process.env[name];
  if (value) return value;
  console.error(`comment: ${name} is not set`);
  process.exit(2);
};

const github = () => ({
  list: `${need('GITHUB_API_URL')}/repos/${need('GITHUB_REPOSITORY')}/issues/${need('PULL_REQUEST')}/comments`,
  one: (id) => `${need('GITHUB_API_URL')}/repos/${need('GITHUB_REPOSITORY')}/issues/comments/${id}`,
  update: 'PATCH',
  headers: { authorization: `Bearer ${need('GITHUB_TOKEN')}`, accept: 'application/vnd.github+json' },
});
const gitlab = () => {
  const list = `${need('CI_API_V4_URL')}/projects/${need('CI_PROJECT_ID')}/merge_requests/${need('CI_MERGE_REQUEST_IID')}/notes`;
  return { list, one: (id) => `${list}/${id}`, update: 'PUT', headers: { 'private-token': need('GITLAB_TOKEN') } };
};

const { list, one, update, headers } = process.env.GITLAB_CI ? gitlab() : github();
const ask = async (url, method = 'GET', body = undefined) => {
  const answer = await fetch(url, { method, headers: { ...headers, 'content-type': 'application/json' }, body });
  if (answer.ok) return answer.json();
  console.error(`comment: ${method} ${url}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
  process.exit(1);
};

/** The comment of an earlier run, on whichever page it is. */
const earlier = async () => {
  for (let page = 1; ; page++) {
    const comments = await ask(`${list}?per_page=100&page=${page}`);
    const found = comments.find(({ body }) => body.startsWith(mark));
    if (found || comments.length < 100) return found;
  }
};

const body = await text(process.stdin);
if (!body.startsWith(mark)) {
  console.error('comment: this is not what `plumb diff -o markdown` writes; nothing is posted');
  process.exit(2);
}
const before = await earlier();
await ask(before ? one(before.id) : list, before ? update : 'POST', JSON.stringify({ body }));
console.log(before ? 'comment updated' : 'comment written');
