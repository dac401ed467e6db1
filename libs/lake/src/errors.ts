/** The folder is not a lake this version can use. */
export class LakeError extends Error {
  override readonly name = 'LakeError';
}

/** Another command holds the lake, and it was asked not to wait. */
export class LakeBusyError extends Error {
  override readonly name = 'LakeBusyError';
}

/** An input that cannot be used whole: unreadable, damaged, of a wrong format, or changed while it was read. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
