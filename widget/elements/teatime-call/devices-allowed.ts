/** Whether the microphone and, with `video`, the camera can be had without a question. Of browsers that do not tell it is taken that they ask. */
export async function devicesAllowed(video: boolean): Promise<boolean> {
  try {
    // Not every browser knows these names, and who does not throws.
    const names = (video ? ['microphone', 'camera'] : ['microphone']) as PermissionName[];
    const answers = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
    return answers.every(({ state }) => state === 'granted');
  } catch {
    return false;
  }
}
