/** What can go wrong before anything but the first chunk is there. */
export const enFirstErrors = {
  configuration: "Chat isn't set up on this page yet.",
  network: "Can't reach the chat. Check your connection and try again.",
  timeout: 'The chat took too long to answer. Try again.',
  unauthorized: 'Sign in to go on.',
  rate_limited: 'That was a lot at once. Wait a moment and try again.',
  internal: 'Something went wrong on our side. Try again in a moment.',
};
