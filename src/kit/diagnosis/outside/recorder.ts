/** Calls of one maker from one place. */
export interface RecordedSite {
  /** Index of the maker. */
  maker: number;
  /** The nearest frame of the program; of a package where there is none of the program; null where there is neither. */
  place: { function: string; file: string; line: number; column: number } | null;
  calls: number;
  /** Of the made objects that were followed, those that are still alive; null where none could be. */
  aliveShare: number | null;
}

/** What the target holds while calls are recorded. */
export interface Recorder {
  functions: unknown[];
  /** The maker of each function: its index in the list, or -1 and the name of an addon's function. */
  names: string[];
  /** Whether each function is not JavaScript, but V8's own or an addon's. */
  natives: boolean[];
  sites(): RecordedSite[];
  close(): void;
}

/**
 * Runs in the target, so it may use nothing but its parameters. Its function `note` is called by the conditions of
 * breakpoints, and is false, so that nothing stops.
 *
 * @param key the name on the global object by which conditions find `note`, until `close`
 */
export function createRecorder(
  load: (name: string) => unknown,
  finders: [name: string, find: (load: (name: string) => unknown) => unknown][],
  key: string,
): Recorder {
  const MOST_SITES = 500;
  const MOST_FOLLOWED = 200;
  const FRAMES = 24;
  const MOST_ADDON_FUNCTIONS = 48;
  const n = (name: string): unknown => {
    try {
      return load(name);
    } catch {
      return undefined;
    }
  };
  // Where a derived constructor has functions that use `this`, V8 loses track of it when a condition is evaluated before
  // `super()`: the constructor then throws "Super constructor may only be called once" (Node 20 to 26, Worker).
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- the text of this function is all that the target gets
  const isUnsafe = (value: object): boolean => {
    const source = Function.prototype.toString.call(value);
    if (!/^class\b[^{]*\bextends\b/.test(source)) return false;
    const [constructor = ''] = /\n {2}constructor\([^]*?\n {2}\}/.exec(source) ?? [];
    return constructor.includes('=>');
  };
  const found = new Map<unknown, string>();
  for (const [name, find] of finders) {
    let value: unknown;
    try {
      value = find(n);
    } catch {
      value = undefined; // this version of Node does not have it
    }
    if (typeof value === 'function' && !found.has(value) && !isUnsafe(value)) found.set(value, name);
  }
  const loader = n('module') as { _cache?: Record<string, { exports?: unknown }> } | undefined;
  let addonFunctions = 0;
  for (const [file, module] of Object.entries(loader?._cache ?? {})) {
    if (!file.endsWith('.node')) continue;
    const seen = new Set<unknown>();
    const visit = (value: unknown, name: string, depth: number): void => {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
        return;
      seen.add(value);
      if (typeof value === 'function' && !found.has(value) && addonFunctions < MOST_ADDON_FUNCTIONS) {
        addonFunctions += 1;
        found.set(value, name);
      }
      if (depth === 0) return;
      for (const property of Object.getOwnPropertyNames(value)) {
        const own = Object.getOwnPropertyDescriptor(value, property);
        if (property !== 'constructor' && own && 'value' in own)
          visit(own.value, `${name}.${property}`, depth - 1);
      }
    };
    visit(module.exports, file.split('/').at(-1) ?? file, 3);
  }
  const functions = [...found.keys()];
  const spawn = functions.find((one) => found.get(one) === 'child_process.ChildProcess.prototype.spawn');
  interface Site extends RecordedSite {
    refs: WeakRef<object>[];
  }
  const sites = new Map<string, Site>();
  const placeOf = (): RecordedSite['place'] => {
    const { stackTraceLimit } = Error;
    // oxlint-disable-next-line unbound-method -- put back as it was
    const { prepareStackTrace } = Error;
    const holder: { stack?: unknown } = {};
    try {
      Error.stackTraceLimit = FRAMES;
      Error.prepareStackTrace = (_, frames) => frames;
      Error.captureStackTrace(holder);
      const frames = (holder.stack ?? []) as NodeJS.CallSite[];
      let ofPackage: NodeJS.CallSite | null = null;
      let own: NodeJS.CallSite | null = null;
      for (const frame of frames.slice(2)) {
        const file = frame.getFileName() ?? '';
        if (file === '' || file.startsWith('node:') || frame.isEval()) continue;
        if (/[\\/]node_modules[\\/]/.test(file)) ofPackage ??= frame;
        else own ??= frame;
      }
      const frame = own ?? ofPackage;
      if (!frame) return null;
      return {
        function: frame.getFunctionName() ?? '(anonymous)',
        file: frame.getFileName() ?? '',
        line: frame.getLineNumber() ?? 1,
        column: frame.getColumnNumber() ?? 1,
      };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
      else Error.prepareStackTrace = prepareStackTrace;
    }
  };
  // What such a constructor returns is another object than its `this`, which dies (Blob on Node 20).
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- the text of this function is all that the target gets
  const isReplaced = (maker: object): boolean =>
    /\breturn makeTransferable\(this\)/.test(Function.prototype.toString.call(maker));
  const replaced = new Set(functions.filter((maker) => isReplaced(maker as object)));
  // Of a call such as `crypto.createHash()`, `this` is the module, which is always alive: only a constructor's is made.
  const isMade = (made: unknown, maker: unknown): made is object =>
    typeof made === 'object' &&
    made !== null &&
    !replaced.has(maker) &&
    (maker === spawn || (typeof maker === 'function' && Boolean(maker.prototype) && made instanceof maker));
  const note = (maker: number, made: unknown): boolean => {
    try {
      const place = placeOf();
      const id = `${maker} ${place?.file}:${place?.line}:${place?.column}`;
      let site = sites.get(id);
      if (!site && sites.size < MOST_SITES)
        sites.set(id, (site = { maker, place, calls: 0, aliveShare: null, refs: [] }));
      if (!site) return false;
      site.calls += 1;
      if (isMade(made, functions[maker]) && site.refs.length < MOST_FOLLOWED)
        site.refs.push(new WeakRef(made));
    } catch {
      // a call that cannot be noted is not counted; the program must not notice
    }
    return false;
  };
  Object.defineProperty(globalThis, key, { value: note, configurable: true, enumerable: false });
  return {
    functions,
    names: [...found.values()],
    natives: functions.map((one) => /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(one))),
    sites: () =>
      [...sites.values()].map(({ maker, place, calls, refs }) => {
        const alive = refs.filter((ref) => ref.deref() !== undefined).length;
        return { maker, place, calls, aliveShare: refs.length === 0 ? null : alive / refs.length };
      }),
    close: () => {
      sites.clear();
      Reflect.deleteProperty(globalThis, key);
    },
  };
}
