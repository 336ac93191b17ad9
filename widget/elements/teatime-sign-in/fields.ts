import type { Strings } from '../../locales/strings.ts';
import type { Chat, Failure } from '../../model/types.ts';

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

/** What has been typed, by field. */
export type Values = Partial<Record<FieldName, string>>;

/** Another way in than by an account that is there: its form is fetched when it is wanted. */
export interface OtherForm {
  /** `more` asks for the fields that are shown on request. */
  words(
    strings: Strings,
  ): Readonly<Record<'title' | 'subtitle' | 'submit' | 'submitting' | 'toSignIn', string>> & { readonly more?: string };
  fields(strings: Strings, withMore: boolean): Field[];
  /** What can be told wrong without asking the server. */
  check(strings: Strings, values: Values): FieldErrors;
  /** What the server objected to, in words, at the fields that it named. `otherwise` is the text for any other failure. */
  errors(strings: Strings, failure: Failure, otherwise: string): FieldErrors;
  send(chat: Chat, values: Values): Promise<void>;
}
