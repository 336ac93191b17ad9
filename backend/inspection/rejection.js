/** Why a file is not taken: the message is the second half of "unable to take the file; …". */
export class Rejection extends Error {}
