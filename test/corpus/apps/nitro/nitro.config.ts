export default { srcDir: 'server', sourceMap: true, compatibilityDate: '2026-01-01' };
