import type { Deps, Feature } from '../feature.ts';
import { createAccounts, createPost } from './accounts/index.ts';
import { createAdmin } from './admin/index.ts';
import { createAdminConversations } from './admin-conversations/index.ts';
import { createAdminMessages } from './admin-messages/index.ts';
import { createAdminUsers } from './admin-users/index.ts';
import { createBlocks } from './blocks/index.ts';
import { createBots } from './bots/index.ts';
import { createCalls } from './calls/index.ts';
import { createConversations } from './conversations/index.ts';
import { createDemo } from './demo/index.ts';
import { createDisposal, createFiles } from './files/index.ts';
import { createGuests } from './guests/index.ts';
import { createIncomingHooks } from './incoming-hooks/index.ts';
import { createLanes } from './messages/lanes.ts';
import { createMessages } from './messages/index.ts';
import { createRetention } from './retention/index.ts';
import { createReceipts } from './receipts/index.ts';
import { createReports } from './reports/index.ts';
import { createService } from './service/index.ts';
import { createCredentials, createSessions } from './sessions/index.ts';
import { createSignOn } from './sign-on/index.ts';
import { createSiteSettings, createSiteWatch } from './sites/index.ts';
import { createTyping } from './typing/index.ts';
import { createUsers } from './users/index.ts';
import { createWebhooks } from './webhooks/index.ts';

/** Every feature of the server. A new one is a folder beside this file and a line here. */
export const createFeatures = (deps: Deps): Feature[] => {
  // What changes conversations shares the lanes, so that it is committed and published in one order.
  const lanes = createLanes(deps);
  // What takes files away shares who removes their bytes.
  const disposal = createDisposal(deps);
  // What asks for passwords shares the count of wrong ones, and what writes to people the post.
  const credentials = createCredentials(deps);
  const post = createPost(deps);
  return [
    createService(deps),
    createSessions(deps, credentials, post),
    createAccounts(deps, credentials, post),
    createSignOn(deps),
    createGuests(deps),
    createSiteWatch(deps),
    createSiteSettings(deps),
    createUsers(deps, disposal),
    createBlocks(deps),
    createConversations(deps, lanes, disposal),
    createMessages(deps, lanes, disposal),
    createFiles(deps, disposal),
    createRetention(deps, lanes, disposal),
    createReceipts(deps),
    createTyping(deps),
    createCalls(deps, lanes),
    createWebhooks(deps),
    createIncomingHooks(deps, lanes),
    createDemo(deps),
    createAdmin(deps),
    createAdminConversations(deps, lanes, disposal),
    createAdminMessages(deps, lanes, disposal),
    createReports(deps, lanes, disposal),
    createBots(deps, lanes),
    createAdminUsers(deps, lanes, disposal),
  ];
};
