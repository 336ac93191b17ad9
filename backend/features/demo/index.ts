import { route, type Deps, type Feature } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { insertSession } from '../sessions/index.ts';
import { toMe } from '../users/index.ts';
import { demoPerson } from './seed.ts';

const sessionSeconds = 24 * 60 * 60;

/** The people of the examples gallery, who need no account. They exist on the embedded default only. */
export const createDemo = ({ config, db, tokens }: Deps): Feature => ({
  commands: [],
  routes: [
    route('POST /demo/sessions', async ({ site, body, userAgent }) => {
      if (!config.demo || site.key !== 'default') throw notFound('demo');
      const user = await demoPerson(db, site.id, body.username);
      const sessionId = await insertSession(db, {
        siteId: site.id,
        userId: user.id,
        userAgent,
        seconds: sessionSeconds,
      });
      return {
        status: 200,
        body: { ...(await tokens.issue({ userId: user.id, siteId: site.id, sessionId })), user: toMe(config, user) },
      };
    }),
  ],
});
