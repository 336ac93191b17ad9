declare module 'lucide/dist/esm/icons/*.mjs' {
  /** Lucide's own shape of an icon: tags with their attributes. */
  const icon: readonly (readonly [tag: string, attributes: Readonly<Record<string, string | number>>])[];
  export default icon;
}
