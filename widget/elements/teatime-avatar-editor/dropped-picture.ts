/** Whether something that is dragged over the page is made of files. */
export function bringsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false;
}

/** The first picture of what was dropped or pasted; the first file when there is no picture among them, so that it can be refused in words. */
export function pictureFrom(data: DataTransfer | null): File | undefined {
  const files = [...(data?.files ?? [])];
  return files.find(({ type }) => type.startsWith('image/')) ?? files[0];
}
