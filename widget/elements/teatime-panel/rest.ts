// What the panel shows besides list and conversation, as one chunk of its own.
import '../teatime-details/teatime-details.ts';
import '../teatime-new-conversation/teatime-new-conversation.ts';
import '../teatime-profile/teatime-profile.ts';
