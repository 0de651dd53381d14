import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**'],
    testTimeout: 20_000,
    // No module of ours holds state (style.md), and TypeScript is loaded once instead of once a file: half the time.
    isolate: false,
    // Every core; Vitest would leave one idle, of two.
    maxWorkers: '100%',
  },
});
