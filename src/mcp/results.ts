/** A result that an agent can read again. */
export interface Kept {
  mimeType: string;
  text: string;
}

/** The newest results stay readable, each with its page where it has one. */
const MOST = 20;
const SCHEME = 'leak-lab://results/';

/** The results of this session, as resources. */
export class Results {
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  /** @returns the address of the JSON */
  keep(name: string, json: string, page: string | null): string {
    const address = `${SCHEME}${name}-${++this.#count}`;
    this.#kept.set(address, { mimeType: 'application/json', text: json });
    if (page !== null) this.#kept.set(`${address}/report.html`, { mimeType: 'text/html', text: page });
    const oldest = this.#count - MOST;
    for (const old of this.#kept.keys()) if (numberOf(old) <= oldest) this.#kept.delete(old);
    return address;
  }

  /** The newest result of a tool, as its address; undefined before the first. */
  newest(name: string): string | undefined {
    return [...this.#kept.keys()].findLast(
      (one) => one.startsWith(`${SCHEME}${name}-`) && !one.endsWith('.html'),
    );
  }

  at(address: string): Kept | undefined {
    return this.#kept.get(address);
  }

  addresses(): { uri: string; name: string; mimeType: string }[] {
    return [...this.#kept].map(([uri, { mimeType }]) => ({ uri, name: uri.slice(SCHEME.length), mimeType }));
  }

  /** How addresses are made, for clients that ask for that. */
  readonly templates = [
    { uriTemplate: `${SCHEME}{name}`, name: 'result', mimeType: 'application/json' },
    { uriTemplate: `${SCHEME}{name}/report.html`, name: 'page', mimeType: 'text/html' },
  ];

  /** Why an address leads to nothing, and what there is. */
  absent(address: string): string {
    const there = [...this.#kept.keys()].join(', ');
    return `there is no result ${address}; the newest ${MOST} of this session are kept${there ? `: ${there}` : ', and there is none yet'}`;
  }
}

const numberOf = (address: string): number => Number(/-(\d+)(?:\/|$)/.exec(address)?.[1] ?? 0);
