// What the composer has for files and voice messages, as one chunk of its own.
import '../teatime-file-tray/teatime-attach-button.ts';
import '../teatime-file-tray/teatime-file-tray.ts';
import '../teatime-voice-recorder/teatime-voice-button.ts';
