import { maxFrameBytes, protocolVersion } from '../../../protocol/codes.ts';
import type { FileLimits } from '../../../protocol/files.ts';
import type { FilesConfig } from '../../config.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { callPolicyOf, readPolicy } from '../sites/index.ts';
import { openApiDocument } from '../../http/openapi.ts';

const messageCharacters = 8000;

/** What a client must know before it signs in, and the description of the API. */
export const createService = ({ config, db }: Pick<Deps, 'config' | 'db'>): Feature => ({
  commands: [],
  routes: [
    route('GET /config', async ({ site }) => {
      // While the database is away, all that is known is what the installation has; nobody can call then anyway.
      const policy = await readPolicy(db, site.id).catch(() => ({}));
      const calls = callPolicyOf(config.calls, policy).allowed;
      const body = {
        site: { key: site.key, name: site.name },
        // Relative to the server: also right where this process does not know its own public address.
        socketUrl: config.publicUrl === undefined ? '/ws' : `${config.publicUrl.replace(/^http/, 'ws')}/ws`,
        features: [
          'register',
          ...(config.demo ? ['demo'] : []),
          ...(config.files.enabled ? ['files', 'voice', 'avatars'] : []),
          ...(calls ? ['calls'] : []),
        ],
        limits: {
          messageCharacters,
          frameBytes: maxFrameBytes,
          groupMembers: config.limits.groupMembers,
          reactionsPerMessage: config.limits.reactionsPerMessage,
        },
        ...(config.files.enabled && { files: fileLimits(config.files) }),
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
  avatarBytes: files.avatarBytes,
  imagePixels: files.imagePixels,
  voiceSeconds: files.voiceSeconds,
  ...(files.types && { types: [...files.types] }),
});
