/**
 * Error codes of REST problems and socket replies, with the HTTP status each one travels under.
 * Codes are stable: clients may switch on them, so none is ever renamed or given a second meaning.
 */
export const errorCodes = {
  validation_failed: 400,
  unknown_type: 400,
  unauthorized: 401,
  token_expired: 401,
  token_invalid: 401,
  token_replayed: 401,
  refresh_reused: 401,
  forbidden: 403,
  origin_not_allowed: 403,
  blocked: 403,
  calls_not_allowed: 403,
  conversation_closed: 403,
  quota_exceeded: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  file_rejected: 422,
  name_reserved: 422,
  link_invalid: 422,
  password_wrong: 422,
  no_password: 422,
  challenge_expired: 422,
  challenge_used: 422,
  challenge_failed: 422,
  rate_limited: 429,
  resync_required: 409,
  internal: 500,
  draining: 503,
  dependency_unavailable: 503,
  storage_full: 507,
} as const;

/** One of the stable error codes. */
export type ErrorCode = keyof typeof errorCodes;

/** Close codes after which a client reconnects by itself (application range of RFC 6455 §7.4.2). */
export const reconnectCloseCodes = {
  draining: 4000,
  slow_consumer: 4001,
  insufficient_state: 4002,
  auth_timeout: 4003,
  token_expired: 4004,
  rate_limited: 4005,
} as const;

/** Close codes after which a client must not reconnect without a new session or a new version. */
export const terminalCloseCodes = {
  unauthorized: 4500,
  session_revoked: 4501,
  protocol_error: 4502,
  site_disabled: 4503,
  unsupported_version: 4504,
} as const;

/** Why the server ended a socket. */
export type CloseReason = keyof typeof reconnectCloseCodes | keyof typeof terminalCloseCodes;

/** The close code of each reason. */
export const closeCodes: Record<CloseReason, number> = { ...reconnectCloseCodes, ...terminalCloseCodes };

/** Version of the socket protocol that this build speaks; sent in `auth`, refused with 4504 when too old. */
export const protocolVersion = 1;

/** Largest socket frame in bytes, both ways; a client checks it before sending. */
export const maxFrameBytes = 64 * 1024;
