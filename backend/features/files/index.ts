import { asBody, route, type Deps, type Feature } from '../../feature.ts';
import { createInspection } from '../../inspection/index.ts';
import { notFound, Problem } from '../../problem.ts';
import { createAnnounceFiles } from './announce.ts';
import { serveAvatars } from './avatars.ts';
import { createCompleteFile } from './complete.ts';
import type { Disposal } from './disposal.ts';
import { createJanitor } from './janitor.ts';
import { createLinkFiles } from './links.ts';
import { readSharedFiles } from './shared-files.ts';
import { findOwn, writeDropped } from './store.ts';

export { attachFiles, detachFiles } from './attach.ts';
export { avatarUrl, claimAvatar, dropAvatar } from './avatars.ts';
export { createDisposal, type Disposal } from './disposal.ts';
export { filesOfMessage } from './store.ts';

/** What people upload: announcing, completing, addresses to load from, what was shared in a conversation, pictures of people and groups. */
export const createFiles = (deps: Deps, disposal: Disposal): Feature => {
  const { config, db, log } = deps;
  const inspection = createInspection({ files: config.files, log });
  const { announce, target } = createAnnounceFiles(deps);
  const complete = createCompleteFile(deps, inspection);
  const links = createLinkFiles(deps);
  const janitor = createJanitor(deps, disposal);

  return {
    commands: [],
    routes: [
      route('POST /files', async ({ session, body, baseUrl }) => {
        const { created, ...announced } = await announce(session, body, baseUrl);
        return { status: created ? 201 : 200, body: announced };
      }),
      route('POST /files/:fileId/upload', async ({ session, params, baseUrl }) => ({
        status: 200,
        body: await target(session, params.fileId, baseUrl),
      })),
      route('POST /files/:fileId/complete', async ({ session, params, body }) => ({
        status: 200,
        body: { file: await complete(session, params.fileId, body) },
      })),
      route('GET /files/:fileId', async ({ session, params, baseUrl }) => ({
        status: 200,
        body: await links.one(session, params.fileId, baseUrl),
      })),
      route('POST /files/links', async ({ session, body, baseUrl }) => ({
        status: 200,
        body: { links: await links.many(session, body.fileIds, baseUrl) },
      })),
      route('DELETE /files/:fileId', async ({ session, params }) => {
        if (!(await writeDropped(db, session, params.fileId))) {
          if (!(await findOwn(db, session, params))) throw notFound('file');
          throw new Problem('conflict', 'unable to drop the file; delete its message, or show another picture');
        }
        disposal.soon();
        return { status: 204, body: null };
      }),
      route('GET /conversations/:conversationId/files', async ({ session, params, query }) => ({
        status: 200,
        body: asBody(await readSharedFiles(db, session, params.conversationId, query)),
      })),
    ],
    steps: [serveAvatars(deps)],
    open: () => janitor.start(),
    async close() {
      await janitor.close();
      await disposal.close();
      await inspection.close();
    },
  };
};
