import type { CloudEvent, WebhookSettings } from '../../core/config/webhooks.ts';
import type { JobSummary } from '../http/schemas.ts';

export type Format = NonNullable<WebhookSettings['format']>;

type SyncData = { sync: string; before: string; reason: string };

/** Control characters and what turns the direction of writing come from devices, and mean nothing in a chat. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 1_000);

const outcomeOf = ({ kind, outcome, state }: JobSummary): string => {
  if (outcome?.kind === 'failed') return `${kind} failed: ${outcome.code}: ${outcome.detail}`;
  return outcome ? `${kind}: ${outcome.kind}` : `${kind}: ${state === 'awaiting' ? 'waits for an approval' : state}`;
};

/** An event in one line: the device, what came of what, and by whom. */
export const lineOf = ({ type, subject, data }: CloudEvent): string => {
  if (type === 'plumbline.device.sync') {
    const { sync, before, reason } = data as SyncData;
    return plain(`${subject}: ${before} → ${sync}${reason ? `: ${reason}` : ''}`);
  }
  const job = data as JobSummary;
  const by = [job.author, job.commit && `commit ${job.commit.slice(0, 12)}`].filter(Boolean).join(', ');
  return plain(`${subject}: ${outcomeOf(job)}${by ? ` (${by})` : ''}, job ${job.id}`);
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is posted. Texts of devices are shown as they are, never taken for a link, a mention or markup. */
export const bodyOf = (event: CloudEvent, format: Format): { type: string; body: string } => {
  switch (format) {
    case 'cloudevents':
      return { type: 'application/cloudevents+json', body: JSON.stringify(event) };
    case 'slack': {
      // https://docs.slack.dev/messaging/formatting-message-text: plain_text has no markup
      const block = { type: 'section', text: { type: 'plain_text', text: lineOf(event), emoji: false } };
      return { type: 'application/json', body: JSON.stringify({ text: escaped(lineOf(event)), blocks: [block] }) };
    }
    case 'teams': {
      // https://adaptivecards.io/explorer/RichTextBlock.html: a TextRun has no Markdown, a TextBlock does
      const line = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: lineOf(event) }] };
      const content = {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [line],
      };
      const card = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
      return { type: 'application/json', body: JSON.stringify({ type: 'message', attachments: [card] }) };
    }
    default:
      return format satisfies never;
  }
};
