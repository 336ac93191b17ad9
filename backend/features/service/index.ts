import { maxFrameBytes, protocolVersion } from '../../../protocol/codes.ts';
import type { FileLimits } from '../../../protocol/files.ts';
import type { FilesConfig } from '../../config.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import {
  accountRulesOf,
  callPolicyOf,
  conversationRulesOf,
  fileRulesOf,
  readBranding,
  readPolicy,
} from '../sites/index.ts';
import { linksOf } from '../accounts/index.ts';
import { openApiDocument } from '../../http/openapi.ts';

const messageCharacters = 8000;

/** What a client must know before it signs in, and the description of the API. */
export const createService = ({ config, db }: Pick<Deps, 'config' | 'db'>): Feature => ({
  commands: [],
  routes: [
    route('GET /config', async ({ site }) => {
      // While the database is away, all that is known is what the installation has; nobody can come in then anyway.
      const [policy, branding] = await Promise.all([
        readPolicy(db, site.id).catch(() => ({})),
        readBranding(db, site.id).catch(() => undefined),
      ]);
      const calls = callPolicyOf(config.calls, policy).allowed;
      const accounts = accountRulesOf(policy);
      const { direct, groups } = conversationRulesOf(policy);
      const files = fileRulesOf(config.files, policy);
      const body = {
        site: { key: site.key, name: site.name, ...(branding && { branding }) },
        // Relative to the server: also right where this process does not know its own public address.
        socketUrl: config.publicUrl === undefined ? '/ws' : `${config.publicUrl.replace(/^http/, 'ws')}/ws`,
        features: [
          ...(accounts.registration ? ['register'] : []),
          ...(accounts.passwordSignIn ? ['password'] : []),
          ...(accounts.guests ? ['guests'] : []),
          ...(direct === 'nobody' ? [] : ['direct']),
          ...(groups === 'nobody' ? [] : ['groups']),
          ...(config.demo ? ['demo'] : []),
          ...(files.enabled ? ['files', 'voice', 'avatars'] : []),
          ...(calls ? ['calls'] : []),
        ],
        limits: {
          messageCharacters,
          frameBytes: maxFrameBytes,
          groupMembers: config.limits.groupMembers,
          reactionsPerMessage: config.limits.reactionsPerMessage,
        },
        accounts: {
          ...accounts,
          ...(accounts.passwordSignIn && config.mail && { forgotUrl: linksOf(config.mail.linksTo, site.key).forgot }),
        },
        conversations: { whoMayStartDirect: direct, whoMayStartGroups: groups },
        ...(files.enabled && { files: fileLimits(files) }),
        ...(calls && {
          calls: {
            videoParticipants: config.calls.videoParticipants,
            audioParticipants: config.calls.audioParticipants,
          },
        }),
        protocolVersion,
      };
      return { status: 200, body };
    }),
    route('GET /openapi.json', async () => ({ status: 200, body: { ...openApiDocument() } })),
  ],
});

const fileLimits = (files: FilesConfig): FileLimits => ({
  fileBytes: files.fileBytes,
  filesPerMessage: files.filesPerMessage,
  avatarBytes: Math.min(files.avatarBytes, files.fileBytes),
  imagePixels: files.imagePixels,
  voiceSeconds: files.voiceSeconds,
  ...(files.types && { types: [...files.types] }),
});
