// For tests, which are TypeScript: scripts are JavaScript, since Node runs them as they are.
export function installTools(from: string, name: string): string;
