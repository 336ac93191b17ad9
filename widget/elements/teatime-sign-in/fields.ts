/** The name of a field of the forms. */
export type FieldName = 'identifier' | 'password' | 'displayName' | 'username' | 'email' | 'phone';

/** What is wrong, by field; `form` is what no single field is to blame for. */
export type FieldErrors = Partial<Record<FieldName | 'form', string>>;

/** A field as the forms show it. */
export interface Field {
  readonly name: FieldName;
  readonly label: string;
  readonly autocomplete: string;
  readonly hint?: string;
  readonly type?: 'email' | 'tel' | 'password';
  readonly required?: boolean;
}
