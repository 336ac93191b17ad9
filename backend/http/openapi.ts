import { z } from 'zod';
import { errorCodes, type ErrorCode } from '../../protocol/codes.ts';
import type { EndpointSpec } from '../../protocol/contract.ts';
import { conversation, conversationSummary, member } from '../../protocol/conversations.ts';
import { file, fileLink, sharedFile } from '../../protocol/files.ts';
import { endpoints } from '../../protocol/index.ts';
import { message, reaction } from '../../protocol/messages.ts';
import { problem } from '../../protocol/service.ts';
import { me, user } from '../../protocol/users.ts';

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What may be sent or answered under a status: a schema by media type. */
export interface OpenApiContent {
  readonly [mediaType: string]: { readonly schema: JsonSchema };
}

/** An answer of an operation; without `content` it has no body. */
export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: OpenApiContent;
}

/** A route as OpenAPI describes it. `responses` holds every status that can come, problems included. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly JsonSchema[];
  readonly requestBody?: { readonly required: boolean; readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

/** The description of the API. Paths are below `servers[0].url` and write parameters as `{name}`; references are `#/components/schemas/…`. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<{ schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> }>;
}

/** Where the API is below the server's origin. */
export const apiPrefix = '/api/v1';

const named = {
  User: user,
  Me: me,
  Message: message,
  Reaction: reaction,
  File: file,
  FileLink: fileLink,
  SharedFile: sharedFile,
  Member: member,
  Conversation: conversation,
  ConversationSummary: conversationSummary,
  Problem: problem,
};

let cached: OpenApiDocument | undefined;

/** The API's OpenAPI 3.1 document, generated from the protocol's list once. */
export const openApiDocument = (): OpenApiDocument => (cached ??= generate());

const generate = (): OpenApiDocument => {
  const replies = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(named)) replies.add(schema, { id: name });
  const list = Object.entries(endpoints as Readonly<Record<string, EndpointSpec>>);
  for (const [key, spec] of list) {
    for (const [status, schema] of Object.entries(spec.replies)) {
      if (schema && !replies.has(schema)) replies.add(schema, { id: replyName(key, status) });
    }
  }
  const converted = z.toJSONSchema(replies, { uri: (name) => `#/components/schemas/${name}` }).schemas;
  const schemas = Object.fromEntries(Object.entries(converted).map(([name, schema]) => [name, bare(schema)]));

  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const [key, spec] of list) {
    const [method = '', path = ''] = key.split(' ');
    const place = path.replace(/:(\w+)/g, '{$1}');
    (paths[place] ??= {})[method.toLowerCase()] = operation(key, path, spec, (schema) => ({
      $ref: `#/components/schemas/${replies.get(schema)?.id}`,
    }));
  }

  return {
    openapi: '3.1.0',
    info: {
      title: 'TeaTime',
      version: '1',
      description: 'Chat for any web page. Errors are RFC 9457 problem documents with a stable `code`.',
    },
    servers: [{ url: apiPrefix }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        serverKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of a site’s own servers. Each operation names the scope that the key needs.',
        },
        refreshCookie: { type: 'apiKey', in: 'cookie', name: '__Host-teatime-default' },
      },
    },
  };
};

const operation = (
  key: string,
  path: string,
  spec: EndpointSpec,
  refer: (schema: z.ZodType) => JsonSchema,
): OpenApiOperation => ({
  operationId: replyName(key, ''),
  summary: spec.summary,
  tags: [path.split('/')[1] ?? 'service'],
  security: securityOf(spec),
  ...(spec.scope && { description: `Needs the scope \`${spec.scope}\`.` }),
  parameters: [
    ...fieldsOf(spec.params).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...fieldsOf(spec.query).map(([name, schema, required]) => ({ name, in: 'query', required, schema })),
    {
      name: 'TeaTime-Site',
      in: 'header',
      required: false,
      description: 'Key of the site; `default` when absent. With an access token, the token’s site.',
      schema: { type: 'string' },
    },
    ...(spec.auth === 'server' && !key.startsWith('GET') ? [idempotencyKey] : []),
    ...(spec.auth === 'refresh'
      ? [
          {
            name: 'TeaTime-Client',
            in: 'header',
            required: false,
            description: 'Name and version of the client; required when the refresh token comes in its cookie.',
            schema: { type: 'string' },
          },
        ]
      : []),
  ],
  ...(spec.body && {
    requestBody: {
      required: true,
      content: json(bare(z.toJSONSchema(spec.body, { io: 'input', unrepresentable: 'any' }))),
    },
  }),
  responses: {
    ...Object.fromEntries(
      Object.entries(spec.replies).map(([status, schema]) => [
        status,
        schema ? { description: 'Done.', content: json(refer(schema)) } : { description: 'Done; there is no body.' },
      ]),
    ),
    ...problemsOf(spec, path),
  },
});

const securityOf = ({ auth }: EndpointSpec): readonly Readonly<Record<string, readonly string[]>>[] => {
  if (auth === 'session') return [{ accessToken: [] }];
  if (auth === 'server') return [{ serverKey: [] }];
  return auth === 'refresh' ? [{ refreshCookie: [] }, {}] : [{}];
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Up to 255 visible ASCII characters. The same request under the same key within 24 hours gets the first answer again, with `Idempotency-Replayed: true`.',
  schema: { type: 'string', maxLength: 255 },
};

/** The problems that an endpoint can answer with, by status. */
const problemsOf = (spec: EndpointSpec, path: string): Record<string, OpenApiResponse> => {
  const statuses = new Set([400, 403, 404, 429, 500, 503]);
  if (spec.auth !== 'anonymous' || spec.body) statuses.add(401);
  if (spec.auth === 'session') statuses.add(409);
  if (spec.auth === 'server') for (const status of [409, 422]) statuses.add(status);
  if (spec.body) for (const status of [409, 413, 415, 422]) statuses.add(status);
  if (path.startsWith('/files')) for (const status of [422, 507]) statuses.add(status);
  return Object.fromEntries(
    [...statuses].map((status) => {
      const codes = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => errorCodes[code] === status);
      return [
        String(status),
        {
          description: `A problem: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
          ...((status === 429 || status === 503) && {
            headers: {
              'Retry-After': { description: 'Seconds to wait.', required: true, schema: { type: 'integer' } },
            },
          }),
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ];
    }),
  );
};

const json = (schema: JsonSchema): OpenApiContent => ({ 'application/json': { schema } });

const fieldsOf = (schema: z.ZodObject | undefined): [string, JsonSchema, boolean][] => {
  if (!schema) return [];
  const converted = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(converted.properties ?? {}).map(([name, field]) => [
    name,
    field as JsonSchema,
    converted.required?.includes(name) ?? false,
  ]);
};

/** `GET /users/:userId` → `getUsersUserId`, with a status `getUsersUserId200`. */
const replyName = (key: string, status: string): string => {
  const [method = '', path = ''] = key.split(' ');
  return (
    method.toLowerCase() + path.replace(/[^A-Za-z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase()) + status
  );
};

/** A schema without what only a document of its own needs. */
const bare = ({ $schema: _, $id: __, ...schema }: Record<string, unknown>): JsonSchema => schema;
