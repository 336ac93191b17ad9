/** English for coming in as a guest. */
export const enGuest = {
  title: 'Chat as a guest',
  subtitle: 'All it takes is a name.',
  displayName: 'Your name',
  displayNameInvalid: 'Use 1 to 64 characters.',
  submit: 'Start chatting',
  submitting: 'One moment…',
};
