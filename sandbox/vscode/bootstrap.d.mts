/** What the TypeScript sources use of bootstrap.mjs. */
export const root: string;
export const vscodeServerFolder: string;
export class SetupError extends Error {}
export function installPackages(folder: string, label: string): boolean;
export function runMain(main: () => number | Promise<number>): Promise<void>;
export function exitOnSignal(): void;
