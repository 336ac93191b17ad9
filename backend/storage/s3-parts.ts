const megabyte = 1024 * 1024;
const smallest = 8 * megabyte;
const most = 1000;

/** A part of an upload: they are numbered from 1 on. */
export interface Part {
  readonly number: number;
  readonly size: number;
}

/** How large the parts of an upload are, in bytes: 8 MiB, or more so that there are at most 1,000, which one listing names all. */
export const partSizeOf = (size: number): number => Math.max(smallest, Math.ceil(size / most / megabyte) * megabyte);

/** The parts that an upload of a size is made of. */
export const partsOf = (size: number): readonly Part[] => {
  const partSize = partSizeOf(size);
  return Array.from({ length: Math.ceil(size / partSize) }, (_, at) => ({
    number: at + 1,
    size: Math.min(partSize, size - at * partSize),
  }));
};
