import { enFiles } from './en-files.ts';
import { addPhrases } from './phrases.ts';

// Imported by each view that shows or takes files, for its phrases.
addPhrases(enFiles);
