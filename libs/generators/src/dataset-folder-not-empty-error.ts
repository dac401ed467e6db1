/** A data set would be mixed with what a folder already holds. */
export class DatasetFolderNotEmptyError extends Error {
  override readonly name = 'DatasetFolderNotEmptyError';

  constructor(readonly folder: string) {
    super(`${folder} is not empty; a data set needs empty folders. Choose another folder, or remove what is there.`);
  }
}
