import { maxFrameBytes, protocolVersion } from '../../../protocol/codes.ts';
import type { FileLimits } from '../../../protocol/files.ts';
import type { FilesConfig } from '../../config.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { openApiDocument } from '../../http/openapi.ts';

const messageCharacters = 8000;

/** What a client must know before it signs in, and the description of the API. */
export const createService = ({ config }: Pick<Deps, 'config'>): Feature => ({
  commands: [],
  routes: [
    route('GET /config', async ({ site }) => ({
      status: 200,
      body: {
        site: { key: site.key, name: site.name },
        // Relative to the server: also right where this process does not know its own public address.
        socketUrl: config.publicUrl === undefined ? '/ws' : `${config.publicUrl.replace(/^http/, 'ws')}/ws`,
        features: [
          'register',
          ...(config.demo ? ['demo'] : []),
          ...(config.files.enabled ? ['files', 'voice', 'avatars'] : []),
          ...(config.calls.enabled ? ['calls'] : []),
        ],
        limits: {
          messageCharacters,
          frameBytes: maxFrameBytes,
          groupMembers: config.limits.groupMembers,
          reactionsPerMessage: config.limits.reactionsPerMessage,
        },
        ...(config.files.enabled && { files: fileLimits(config.files) }),
        ...(config.calls.enabled && {
          calls: {
            videoParticipants: config.calls.videoParticipants,
            audioParticipants: config.calls.audioParticipants,
          },
        }),
        protocolVersion,
      },
    })),
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
