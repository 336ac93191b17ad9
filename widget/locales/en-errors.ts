import { enFirstErrors } from './en-first-errors.ts';

/** English for all that can go wrong, loaded as soon as the page has time. */
export const enErrors = {
  ...enFirstErrors,
  storage: "This browser couldn't keep that on the device.",
  validation_failed: "Something in there isn't right. Check it and try again.",
  unknown_type: 'This page is too old for the chat. Reload it.',
  token_expired: 'Your session has run out. Sign in again.',
  token_invalid: 'Your session has run out. Sign in again.',
  refresh_reused: 'This session was ended for your safety. Sign in again.',
  forbidden: "You can't do that here.",
  origin_not_allowed: "This page isn't allowed to use the chat.",
  blocked: "You can't message this person.",
  calls_not_allowed: "They don't take calls from you.",
  conversation_closed: 'This conversation is closed.',
  name_reserved: 'That name is reserved. Choose another one.',
  not_found: "That isn't here any more.",
  conflict: 'That was changed in the meantime. Try again.',
  quota_exceeded: 'There is no room for more of your files.',
  file_rejected: "This file can't be sent.",
  storage_full: 'The server has no room left for files.',
  payload_too_large: 'That is too long.',
  unsupported_media_type: "The chat can't take that.",
  idempotency_key_reused: 'That could not be sent. Write it again.',
  resync_required: 'That was changed in the meantime. Try again.',
  draining: 'The chat is restarting. Try again in a moment.',
  dependency_unavailable: 'The chat is having trouble. Try again in a moment.',
};
