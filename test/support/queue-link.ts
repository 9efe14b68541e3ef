import { openLink, type Link } from '../../bench/chaos/rig/link.ts';
import type { QueueSettings } from '../../platform/queues.ts';

/** A link to the server of the queues, with the settings of one who reaches it through the link. */
export async function linkToQueues(settings: QueueSettings): Promise<{ link: Link; settings: QueueSettings }> {
  const url = new URL(settings.kind === 'redis' ? settings.url : settings.databaseUrl);
  const link = await openLink(Number(url.port));
  url.port = String(link.port);
  const far = settings.kind === 'redis' ? { ...settings, url: url.href } : { ...settings, databaseUrl: url.href };
  return { link, settings: far };
}
