/**
 * The folders among what was dropped or pasted: browsers hand them over as files that cannot be read (File API §4.1, "NotReadableError"), and not all
 * of them say so beforehand.
 */
export async function findFolders(files: readonly File[]): Promise<ReadonlySet<File>> {
  const isFolder = await Promise.all(files.map(cannotBeRead));
  return new Set(files.filter((_, index) => isFolder[index]));
}

async function cannotBeRead(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return false;
  } catch {
    return true;
  }
}
